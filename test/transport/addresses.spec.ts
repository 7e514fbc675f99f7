import net from 'node:net';
import { AddressPolicy } from '../../lib/transport/address-policy';
import { EndpointCheck } from '../../lib/transport/endpoint-check';
import type { ResolveHost } from '../../lib/transport/guarded-lookup';
import type { Answer } from '../../lib/transport/transport';
import { disguised, publicAddresses, refusedAddresses, refusedHosts, refusedV4, spelled } from './address-vectors';
import { closeReceivers, httpReceiver, listenersOnLoopback, type Receiver } from './receiver';
import { aRequest, describeTransports, resolvingTo } from './transports';

/** Two names that lead to the receiver, of which the policies of these tests allow one. */
const allowed = 'allowed.test';
const policy = new AddressPolicy({ allow: [allowed] });

const REFUSAL: Answer = {
  kind: 'failure',
  failure: 'address_refused',
  detail: 'The address of this endpoint is not allowed.',
  durationMs: 0,
};

describeTransports('and addresses that are refused', (transports) => {
  let receivers: Receiver[];
  let port: number;
  let told: jest.SpyInstance;

  beforeEach(async () => {
    receivers = await listenersOnLoopback((response) => response.end('reached'));
    port = receivers[0]!.port;
    // Nobody can listen on most of these addresses; but a socket tells of each that it sets out for.
    told = jest.spyOn(net.Socket.prototype, 'emit');
  });

  afterEach(closeReceivers);

  const connections = () => receivers.reduce((sum, receiver) => sum + receiver.connections, 0);

  const setOutFor = () =>
    (told.mock.calls as unknown[][]).filter(([event]) => event === 'connectionAttempt').map(([, to]) => to);

  const refusesAll = async (hosts: readonly string[], answerTo: (host: string) => Promise<Answer>) => {
    const wrong: [host: string, answer: Answer][] = [];
    for (const host of hosts) {
      const answer = await answerTo(host);
      if (JSON.stringify(answer) !== JSON.stringify(REFUSAL)) wrong.push([host, answer]);
    }
    expect(wrong).toEqual([]);
  };

  const refusesEvery = async (hosts: readonly string[], answerTo: (host: string) => Promise<Answer>) => {
    await refusesAll(hosts, answerTo);
    expect(setOutFor()).toEqual([]);
    expect(connections()).toBe(0);
  };

  const literals = refusedHosts.map(({ host }) => host);
  const answers = refusedAddresses();

  it('are more than 200, literal and resolved', () => {
    expect(new Set(literals).size).toBeGreaterThan(800);
    expect(new Set(answers).size).toBeGreaterThan(200);
  });

  it('connects to none that is spelled out in the URL', async () => {
    const transport = transports.make({ policy });
    for (const scheme of ['http', 'https'])
      await refusesEvery(literals, (host) => transport.send(aRequest({ url: `${scheme}://${host}:${port}/` })));
  });

  it('connects to none that a name resolves to', async () => {
    let answer = '';
    const resolveHost: ResolveHost = (...asked) => resolvingTo(answer)(...asked);
    const transport = transports.make({ policy, resolveHost });
    await refusesEvery(answers, (address) => {
      answer = address;
      return transport.send(aRequest({ url: `http://refused.test:${port}/` }));
    });
  });

  it.each([
    ['the second', (address: string) => ['93.184.215.14', address]],
    ['the first', (address: string) => [address, '93.184.215.14']],
    ['the second of IPv6', (address: string) => ['2606:4700::1111', address]],
  ])('connects to none that is %s of two answers', async (_, both) => {
    let given: string[] = [];
    const transport = transports.make({ policy, resolveHost: (...asked) => resolvingTo(...given)(...asked) });
    await refusesEvery(answers, (address) => {
      given = both(address);
      return transport.send(aRequest({ url: `http://refused.test:${port}/` }));
    });
  });

  it('follows no redirect to one', async () => {
    const locations: string[] = [];
    const front = await httpReceiver((response) => response.writeHead(307, { location: locations.at(-1) }).end());
    const transport = transports.make({ policy, resolveHost: resolvingTo('127.0.0.1') });
    for (const { host } of refusedHosts) {
      locations.push(new URL(`http://${host}:${port}/`).href);
      const answer = await transport.send(aRequest({ url: front.at(allowed) }));
      expect(answer).toMatchObject({ kind: 'response', status: 307, headers: { location: locations.at(-1) } });
    }
    expect([front.connections, connections()]).toEqual([1, 0]);
  });

  it('uses no kept connection that another name was allowed to make', async () => {
    const transport = transports.make({ policy, resolveHost: resolvingTo('127.0.0.1') });
    const reached = await transport.send(aRequest({ url: `http://${allowed}:${port}/` }));
    expect(reached).toMatchObject({ kind: 'response', body: 'reached' });
    const others = ['refused.test', `sub.${allowed}`, 'localhost', ...literals];
    await refusesAll(others, (host) => transport.send(aRequest({ url: `http://${host}:${port}/` })));
    expect(connections()).toBe(1);
  });

  it('connects to none when the name was public a moment ago', async () => {
    let address = '';
    const flips = new Map<string, number>();
    const resolveHost: ResolveHost = (hostname, options, callback) => {
      const asked = flips.get(hostname) ?? 0;
      flips.set(hostname, asked + 1);
      resolvingTo(asked === 0 ? '93.184.215.14' : address)(hostname, options, callback);
    };
    const transport = transports.make({ policy, resolveHost });
    for (const [index, each] of answers.entries()) {
      address = each;
      const url = `http://flips-${index}.test:${port}/`;
      expect(await new EndpointCheck(policy, { resolveHost }).refusalOf(url)).toBeUndefined();
      expect(await transport.send(aRequest({ url }))).toEqual(REFUSAL);
    }
    expect(setOutFor()).toEqual([]);
  });

  it('does connect where the host allows the address, however it is spelled', async () => {
    const transport = transports.make({ policy: new AddressPolicy({ allow: ['127.0.0.1'] }) });
    const spellings = spelled('127.0.0.1');
    for (const { host } of spellings) {
      const answer = await transport.send(aRequest({ url: `http://${host}:${port}/` }));
      expect(answer).toMatchObject({ kind: 'response', body: 'reached' });
    }
    expect(receivers[0]!.received).toHaveLength(spellings.length);
    expect(connections()).toBe(1);
    expect(setOutFor()).toEqual(['127.0.0.1']);
  });
});

describe('An address', () => {
  const hostOf = (address: string) => (address.includes(':') ? `[${address}]` : address);

  it('that is public passes, however it is spelled', () => {
    const hosts = publicAddresses
      .flatMap((address) => (address.includes(':') ? [] : spelled(address)))
      .map(({ host }) => host);
    const refused = [...hosts, ...publicAddresses.map(hostOf)].filter((host) => policy.judgeUrl(`https://${host}/`));
    expect(hosts.length).toBeGreaterThan(50);
    expect(refused).toEqual([]);
  });

  it('of a service that hands out credentials is refused whatever is allowed, and in every disguise', () => {
    const allow = ['0.0.0.0/0', '::/0', '2002::/16', '64:ff9b::/96', '2001::/32', 'private', 'loopback', 'cloud.test'];
    const open = new AddressPolicy({ allow });
    const metadata = refusedV4.filter((address) => /^(169\.254|168\.63|100\.100|192\.0\.0)/.test(address));
    const disguises = metadata.flatMap((address) => [address, ...disguised(address).map(({ host }) => host)]);
    const addresses = [...disguises, 'fd00:ec2::254', 'fd00:ec2::254%eth0', 'fd00:42::42', 'fe80::a9fe:a9fe'];
    expect(addresses.length).toBeGreaterThan(60);
    expect(addresses.filter((address) => open.permits(address, 'cloud.test'))).toEqual([]);
    expect(open.permits('10.0.0.1', 'cloud.test')).toBe(true);
  });
});
