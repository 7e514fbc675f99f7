import { AddressPolicy } from '../../lib/transport/address-policy';
import { EndpointCheck } from '../../lib/transport/endpoint-check';
import type { ResolveHost } from '../../lib/transport/guarded-lookup';
import { resolvingTo } from './transports';

const refused = { reason: 'address', detail: 'The address of this endpoint is not allowed.' };

describe('The check of a new endpoint', () => {
  const policy = new AddressPolicy();
  const check = (resolveHost: ResolveHost, given = policy) => new EndpointCheck(given, { resolveHost, patienceMs: 50 });

  it('lets a name pass that resolves to public addresses', async () => {
    expect(await check(resolvingTo('93.184.215.14')).refusalOf('https://example.test/')).toBeUndefined();
  });

  it.each([
    ['the address in the URL', 'http://10.0.0.1/', []],
    ['the address of the name', 'http://example.test/', ['10.0.0.1']],
    ['one of its addresses', 'http://example.test/', ['93.184.215.14', '::1']],
    ['a name that no public network knows', 'http://jenkins/', ['93.184.215.14']],
  ])('refuses %s in the same words', async (_, url, addresses) => {
    expect(await check(resolvingTo(...addresses)).refusalOf(url)).toEqual(refused);
  });

  it.each<[string, ResolveHost]>([
    ['has no address', resolvingTo()],
    ['does not exist', (_, __, callback) => callback(Object.assign(new Error(), { code: 'ENOTFOUND' }), [])],
    ['nobody answers for in time', () => undefined],
  ])('lets a name pass that %s, since that may change', async (_, resolveHost) => {
    expect(await check(resolveHost).refusalOf('https://example.test/')).toBeUndefined();
  });

  it('asks nobody about an address', async () => {
    const resolveHost = jest.fn();
    for (const url of ['https://93.184.215.14/', 'https://[2606:4700::1111]/', 'ftp://example.test/'])
      await check(resolveHost).refusalOf(url);
    expect(resolveHost).not.toHaveBeenCalled();
  });

  it('asks nobody about a name where the proxy resolves names', async () => {
    const resolveHost = jest.fn();
    const proxied = new AddressPolicy({ proxy: { url: 'http://proxy.test', resolve: 'proxy' } });
    expect(await check(resolveHost, proxied).refusalOf('https://example.test/')).toBeUndefined();
    expect(resolveHost).not.toHaveBeenCalled();
  });

  it('asks for no more than two names at once, so that slow ones do not take every thread', async () => {
    const waiting: (() => void)[] = [];
    const resolveHost: ResolveHost = (_, __, callback) => waiting.push(() => callback(null, []));
    const patient = new EndpointCheck(policy, { resolveHost });
    const checks = ['a', 'b', 'c', 'd'].map((name) => patient.refusalOf(`https://${name}.test/`));
    expect(waiting).toHaveLength(2);
    for (const resolve of waiting) resolve();
    expect(await Promise.all(checks)).toEqual([undefined, undefined, undefined, undefined]);
    void patient.refusalOf('https://e.test/');
    expect(waiting).toHaveLength(3);
    waiting[2]!();
  });
});
