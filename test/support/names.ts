import dns from 'node:dns';
import { isIP } from 'node:net';

// Tests ask no name server but their own: that a name is checked when somebody subscribes must not reach a network.
// What has no dot, such as localhost, is this machine or a database beside it.
const resolves = Symbol.for('nestjs-webhooks: names of the tests');
const { lookup } = dns as { lookup: ((...given: unknown[]) => unknown) & { [resolves]?: true } };

if (!lookup[resolves]) {
  const local = (...given: unknown[]): unknown => {
    const name = String(given[0]);
    if (isIP(name) !== 0 || !name.includes('.')) return lookup(...given);
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name });
    return setImmediate(given.at(-1) as (error: Error) => void, error);
  };
  dns.lookup = Object.assign(local, { [resolves]: true }) as unknown as typeof dns.lookup;
}
