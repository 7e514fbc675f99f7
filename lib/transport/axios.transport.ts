import {
  type AxiosAdapter,
  AxiosHeaders,
  type GenericAbortSignal,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { AddressPolicy } from './address-policy';
import { boundingHints, LONGEST_HEADERS } from './answer-bounds';
import { readExcerpt } from './body-excerpt';
import { Deadline } from './deadline';
import { Destinations } from './destinations';
import { CLOSED, type Failure, failed, failureOf, TIMED_OUT } from './failure';
import { type AgentSet, agentSets } from './agent-sets';
import type { GuardedAgents } from './guarded-agents';
import { flawOf } from './request-flaw';
import {
  type Answer,
  type ClientCertificate,
  type OutgoingRequest,
  type Responded,
  Transport,
  type TransportFactory,
} from './transport';
import { boundsOf, type ConnectionOptions, type TransportOptions } from './transport-options';
import { USER_AGENT } from './user-agent';

/** How axios makes the request itself, within bounds that no setting of the process moves. */
function requestsWith(certificate?: ClientCertificate) {
  return {
    request(options: RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest {
      const { request } = options.protocol === 'https:' ? https : http;
      const strict = { maxHeaderSize: LONGEST_HEADERS, insecureHTTPParser: false };
      // Node's agents keep connections by all that they are made with, certificate and key included.
      return boundingHints(request({ ...options, ...certificate, ...strict }, answered));
    },
  };
}

const requests = requestsWith();

const manners = {
  proxy: false,
  maxRedirects: 0,
  decompress: false,
  responseType: 'stream',
  validateStatus: () => true,
} as const;

/** What axios sends unless told otherwise; `false` tells it not to. */
const unlessGiven = { 'user-agent': USER_AGENT, 'accept-encoding': false } as const;

/**
 * Sends over axios, as the module does unless told otherwise.
 *
 * @example
 * WebhooksModule.forRoot({ transport: axiosTransport({ idleConnections: 4_096 }) })
 */
export function axiosTransport(options: ConnectionOptions = {}): TransportFactory {
  return (policy, { responseLimitBytes }) =>
    new AxiosTransport(policy, { ...options, responseBodyLimitBytes: responseLimitBytes });
}

/**
 * The transport on axios.
 * It uses axios's HTTP adapter and no instance: so nothing that the host has put into `axios.defaults` or its
 * interceptors reaches a subscriber, and a request costs a fifth less.
 */
export class AxiosTransport extends Transport {
  override readonly resolveHost;
  private readonly destinations: Destinations;
  private readonly adapter: AxiosAdapter = getAdapter('http');
  private readonly agents: AgentSet;
  private readonly limitBytes: number;
  private readonly inFlight = new Set<Deadline>();
  private closed = false;

  /** @throws WebhooksConfigurationError when an option is wrong */
  constructor(policy: AddressPolicy, options: TransportOptions = {}) {
    super();
    this.resolveHost = options.resolveHost;
    this.destinations = new Destinations(policy);
    this.limitBytes = boundsOf(options).responseBodyLimitBytes;
    this.agents = agentSets(policy, options);
  }

  async send(request: OutgoingRequest): Promise<Answer> {
    const flaw = this.closed ? CLOSED : flawOf(request);
    if (flaw) return failed(flaw, 0);
    const destination = this.destinations.find(request.url);
    if ('failure' in destination) return failed(destination, 0);
    // What was judged is what is sent to: nobody reads the text a second time, and perhaps otherwise.
    const judged = { ...request, url: destination.origin + destination.path };
    const deadline = new Deadline(request.timeoutMs);
    this.inFlight.add(deadline);
    try {
      return await this.attempt(judged, deadline);
    } catch (error) {
      deadline.giveUp();
      return failed(this.whyFailed(error, deadline), deadline.elapsedMs);
    } finally {
      deadline.lift();
      this.inFlight.delete(deadline);
    }
  }

  close(): Promise<void> {
    this.closed = true;
    for (const deadline of this.inFlight) deadline.giveUp();
    this.agents.destroy();
    return Promise.resolve();
  }

  private async attempt(request: OutgoingRequest, deadline: Deadline): Promise<Responded> {
    const response = await this.exchange(request, deadline);
    const { body, truncated } = await readExcerpt(response, request.answerLimitBytes ?? this.limitBytes);
    const headers = joined(response.headers);
    return { kind: 'response', status: response.statusCode!, headers, body, truncated, durationMs: deadline.elapsedMs };
  }

  /**
   * Sends, and sends once more on a fresh connection when a kept one turns out to be dead. Closing an idle connection
   * at the moment a request goes out is nobody's fault and says nothing about the endpoint. Should the endpoint have
   * read the request nevertheless, it sees it twice, which delivery at least once allows.
   */
  private async exchange(request: OutgoingRequest, signal: GenericAbortSignal): Promise<IncomingMessage> {
    const { kept, fresh } = this.agents.for(request.tls);
    try {
      return await this.receive(configOf(request, signal, kept));
    } catch (error) {
      if (signal.aborted || !keptConnectionWasDead(error)) throw error;
      return await this.receive(configOf(request, signal, fresh));
    }
  }

  private async receive(config: InternalAxiosRequestConfig): Promise<IncomingMessage> {
    return (await this.adapter(config)).data as IncomingMessage;
  }

  private whyFailed(error: unknown, deadline: Deadline): Failure {
    if (this.closed) return CLOSED;
    if (deadline.passed) return TIMED_OUT;
    return failureOf(error);
  }
}

function configOf(
  { method, url, headers, body, tls }: OutgoingRequest,
  signal: GenericAbortSignal,
  { http: httpAgent, https: httpsAgent }: GuardedAgents,
): InternalAxiosRequestConfig {
  const data = body === undefined ? undefined : Buffer.from(body, 'utf8');
  const transport = tls ? requestsWith(tls) : requests;
  return { method, url, headers: headersOf(headers), data, signal, httpAgent, httpsAgent, transport, ...manners };
}

/** Their names are known to be valid and given once, so most need none of the care that `set` takes. */
function headersOf(given: OutgoingRequest['headers']): InternalAxiosRequestConfig['headers'] {
  const headers = new AxiosHeaders();
  for (const [name, value] of Object.entries(given)) {
    if (name in headers) headers.set(name, value);
    else headers[name] = value;
  }
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(unlessGiven)) if (!names.has(name)) headers[name] = value;
  return headers;
}

function keptConnectionWasDead(error: unknown): boolean {
  const { code, request } = error as { code?: string; request?: ClientRequest };
  return request?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
}

function joined(headers: IncomingMessage['headers']): Record<string, string> {
  const all = headers as Record<string, string | string[]>;
  for (const [name, value] of Object.entries(all)) if (Array.isArray(value)) all[name] = value.join(', ');
  return all as Record<string, string>;
}
