import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { ADDRESS_NOT_ALLOWED, type AddressPolicy } from './address-policy';
import { WebhooksError } from '../shared/webhooks.error';

type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Resolves a host name to all its addresses, as `dns.lookup` does with `all: true`. It must always call back. */
export type ResolveHost = (hostname: string, options: { all: true }, callback: Resolved) => void;

/** A connection was about to be made, or had just been made, to an address that the policy refuses. */
export class AddressRefusedError extends WebhooksError {
  override readonly code = 'WEBHOOKS_ADDRESS_REFUSED';

  constructor() {
    super(ADDRESS_NOT_ALLOWED);
  }
}

/** A `lookup` hook for sockets that fails unless the policy permits every address that a name resolves to. */
export function guardedLookup(policy: AddressPolicy, resolveHost: ResolveHost): LookupFunction {
  const resolve = once(resolveHost);
  return (hostname, options, callback) =>
    resolve(hostname, (error, addresses) => {
      const failure = error ?? judge(policy, hostname, addresses);
      if (failure) callback(failure, '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
}

function judge(policy: AddressPolicy, hostname: string, addresses: LookupAddress[]): Error | undefined {
  if (addresses.length === 0) return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
  return addresses.every(({ address }) => policy.permits(address, hostname)) ? undefined : new AddressRefusedError();
}

/**
 * Asks once for however many connections wait for the same name. `dns.lookup` runs on the process's few worker
 * threads, and one slow name asked for many times would keep all of them from everyone else.
 */
function once(resolveHost: ResolveHost): (hostname: string, resolved: Resolved) => void {
  const waiting = new Map<string, Resolved[]>();

  const settle = (hostname: string, error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => {
    const callbacks = waiting.get(hostname) ?? [];
    waiting.delete(hostname);
    for (const resolved of callbacks) resolved(error, addresses?.map(({ ...address }) => address) ?? []);
  };

  return (hostname, resolved) => {
    const others = waiting.get(hostname);
    if (others) return void others.push(resolved);
    waiting.set(hostname, [resolved]);
    try {
      resolveHost(hostname, { all: true }, (error, addresses) => settle(hostname, error, addresses));
    } catch (error) {
      settle(hostname, error as Error, []);
    }
  };
}
