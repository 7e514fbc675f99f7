import type { AddressPolicy } from './address-policy';
import { Destinations } from './destinations';
import { CLOSED, failed } from './failure';
import { flawOf } from './request-flaw';
import { type Answer, type OutgoingRequest, Transport, type TransportFactory } from './transport';
import { boundsOf, type ConnectionOptions, type TransportOptions } from './transport-options';
import { UndiciConnections } from './undici.connections';
import { UndiciExchange } from './undici.exchange';
import { USER_AGENT } from './user-agent';

/**
 * Sends over undici, with the same guarantees as over axios.
 *
 * @example
 * WebhooksModule.forRoot({ transport: undiciTransport() })
 */
export function undiciTransport(options: ConnectionOptions = {}): TransportFactory {
  return (policy, { responseLimitBytes }) =>
    new UndiciTransport(policy, { ...options, responseBodyLimitBytes: responseLimitBytes });
}

/** The transport on undici's `dispatch()`: about as cheap as undici itself, and a small part of what a request costs on axios. */
export class UndiciTransport extends Transport {
  override readonly resolveHost;
  private readonly destinations: Destinations;
  private readonly connections: UndiciConnections;
  private readonly limitBytes: number;
  private readonly inFlight = new Set<UndiciExchange>();
  private closed = false;

  /** @throws WebhooksConfigurationError when an option is wrong */
  constructor(policy: AddressPolicy, options: TransportOptions = {}) {
    super();
    this.resolveHost = options.resolveHost;
    this.limitBytes = boundsOf(options).responseBodyLimitBytes;
    this.destinations = new Destinations(policy);
    this.connections = new UndiciConnections(policy, options);
  }

  send(request: OutgoingRequest): Promise<Answer> {
    const flaw = this.closed ? CLOSED : flawOf(request);
    if (flaw) return Promise.resolve(failed(flaw, 0));
    const destination = this.destinations.find(request.url);
    if ('failure' in destination) return Promise.resolve(failed(destination, 0));
    const { method, body, timeoutMs, tls, answerLimitBytes: limitBytes = this.limitBytes } = request;
    const dispatched = { method, path: destination.path, headers: headersOf(request.headers), body };
    const settings = { origin: destination.origin, request: dispatched, timeoutMs, limitBytes, tls };
    return new Promise((resolve) => {
      const exchange = new UndiciExchange(settings, this.connections, (over, answer) => {
        this.inFlight.delete(over);
        resolve(answer);
      });
      this.inFlight.add(exchange);
      exchange.begin();
    });
  }

  close(): Promise<void> {
    this.closed = true;
    for (const exchange of this.inFlight) exchange.giveUp(CLOSED);
    this.connections.close();
    return Promise.resolve();
  }
}

/** Names and values in turn, which undici reads fastest. */
function headersOf(given: OutgoingRequest['headers']): string[] {
  const headers: string[] = [];
  let introduced = false;
  for (const name of Object.keys(given)) {
    headers.push(name, given[name]!);
    introduced ||= name.length === 10 && name.toLowerCase() === 'user-agent';
  }
  if (!introduced) headers.push('user-agent', USER_AGENT);
  return headers;
}
