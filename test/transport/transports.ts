import type { AddressPolicy } from '../../lib/transport/address-policy';
import { AxiosTransport } from '../../lib/transport/axios.transport';
import type { ResolveHost } from '../../lib/transport/guarded-lookup';
import type { Answer, OutgoingRequest, Transport } from '../../lib/transport/transport';
import type { TransportOptions } from '../../lib/transport/transport-options';
import { UndiciTransport } from '../../lib/transport/undici.transport';

const kinds = { AxiosTransport, UndiciTransport };

export type Settings = TransportOptions & { readonly policy: AddressPolicy };

/** The transports of one test, made when they are asked for and closed by `close`. */
export class Transports {
  private readonly made: Transport[] = [];

  constructor(private readonly kind: keyof typeof kinds) {}

  make({ policy, ...options }: Settings): Transport {
    const transport = new kinds[this.kind](policy, options);
    this.made.push(transport);
    return transport;
  }

  send(request: Partial<OutgoingRequest>, settings: Settings): Promise<Answer> {
    return this.make(settings).send(aRequest(request));
  }

  async close(): Promise<void> {
    await Promise.all(this.made.splice(0).map((transport) => transport.close()));
  }
}

/** Describes the same of every transport. */
export function describeTransports(about: string, define: (transports: Transports) => void): void {
  describe.each(Object.keys(kinds) as (keyof typeof kinds)[])(`%s ${about}`, (kind) => {
    const transports = new Transports(kind);
    afterEach(() => transports.close());
    define(transports);
  });
}

export function aRequest(request: Partial<OutgoingRequest>): OutgoingRequest {
  return { method: 'POST', url: 'http://127.0.0.1/', headers: {}, body: '{}', timeoutMs: 10_000, ...request };
}

/** Answers every name with the same addresses. */
export function resolvingTo(...addresses: string[]): ResolveHost {
  const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_hostname, _options, callback) => setImmediate(callback, null, answers);
}
