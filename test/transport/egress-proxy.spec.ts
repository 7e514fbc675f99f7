import { AddressPolicy, type AddressPolicyOptions } from '../../lib/transport/address-policy';
import { WebhooksConfigurationError } from '../../lib/shared/webhooks.error';
import { refusedAddresses, refusedHosts } from './address-vectors';
import { certificate } from './localhost.certificate';
import { Proxy, saying } from './proxy';
import { closeReceivers, httpReceiver, httpsReceiver } from './receiver';
import { aRequest, describeTransports, resolvingTo } from './transports';

const failed = {
  kind: 'failure',
  failure: 'connection',
  detail: 'No connection could be made through the egress proxy (WEBHOOKS_PROXY_FAILED).',
};

describeTransports('through an egress proxy', (transports) => {
  const proxies: Proxy[] = [];

  const proxied = async (...given: Parameters<typeof Proxy.start>) => {
    const proxy = await Proxy.start(...given);
    proxies.push(proxy);
    return proxy;
  };

  afterEach(async () => {
    await transports.close();
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    await closeReceivers();
  });

  /** Allows the receiver by its name, so that the proxy's own address is refused to everybody else. */
  const through = (proxy: AddressPolicyOptions['proxy']) => ({
    policy: new AddressPolicy({ allow: ['receiver.test', 'localhost'], proxy }),
    resolveHost: resolvingTo('127.0.0.1'),
  });

  it('asks for a tunnel to the address that was judged, and sends the request as it is', async () => {
    const [receiver, proxy] = [await httpReceiver(), await proxied()];
    const answer = await transports.send({ url: receiver.at('receiver.test'), body: 'text' }, through(proxy.at()));
    expect(answer).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
    expect(proxy.targets).toEqual([`127.0.0.1:${receiver.port}`]);
    expect(receiver.received).toMatchObject([
      { path: '/hook', headers: { host: `receiver.test:${receiver.port}` }, body: Buffer.from('text') },
    ]);
  });

  it('speaks TLS with the endpoint itself, and checks that it is who the URL says', async () => {
    const [receiver, proxy] = [await httpsReceiver(), await proxied()];
    const settings = { ...through(proxy.at()), tls: { ca: certificate } };
    expect(await transports.send({ url: receiver.at('localhost') }, settings)).toMatchObject({ status: 200 });
    expect(proxy.targets).toEqual([`127.0.0.1:${receiver.port}`]);
    expect(await transports.send({ url: receiver.at('receiver.test') }, settings)).toMatchObject({ failure: 'tls' });
    expect(receiver.received).toHaveLength(1);
  });

  it.each(['http', 'https'])('sends one request after the other through one tunnel (%s)', async (scheme) => {
    const [receiver, proxy] = [await (scheme === 'http' ? httpReceiver() : httpsReceiver()), await proxied()];
    const transport = transports.make({ ...through(proxy.at()), tls: { ca: certificate } });
    for (let count = 0; count < 3; count++)
      expect(await transport.send(aRequest({ url: receiver.at('localhost') }))).toMatchObject({ status: 200 });
    expect([receiver.connections, proxy.targets.length]).toEqual([1, 1]);
  });

  it('speaks TLS with the proxy too, where its URL says so', async () => {
    const [receiver, proxy] = [await httpsReceiver(), await proxied(undefined, 'https')];
    const url = receiver.at('localhost');
    const settings = { ...through({ url: proxy.at('localhost'), ca: certificate }), tls: { ca: certificate } };
    expect(await transports.send({ url }, settings)).toMatchObject({ status: 200, body: 'ok' });
    expect(await transports.send({ url }, { ...settings, ...through(proxy.at('localhost')) })).toMatchObject(failed);
  });

  it('tells the proxy who it is, and nobody else', async () => {
    const [receiver, proxy] = [await httpReceiver(), await proxied()];
    const url = receiver.at('receiver.test');
    expect(await transports.send({ url }, through(proxy.at(undefined, 'me:s%40crt@')))).toMatchObject({ status: 200 });
    const basic = `Basic ${Buffer.from('me:s@crt').toString('base64')}`;
    expect(proxy.asked).toMatchObject([{ headers: { 'proxy-authorization': basic } }]);
    expect(receiver.received[0]!.headers).not.toHaveProperty('proxy-authorization');
  });

  it('asks for the IPv4 address where there are both kinds', async () => {
    const [receiver, proxy] = [await httpReceiver(), await proxied()];
    const settings = { ...through(proxy.at()), resolveHost: resolvingTo('::1', '127.0.0.1') };
    await transports.send({ url: receiver.at('receiver.test') }, settings);
    await transports.send({ url: receiver.at('[2606:4700::1111]') }, settings);
    expect(proxy.targets).toEqual([`127.0.0.1:${receiver.port}`, `[2606:4700::1111]:${receiver.port}`]);
  });

  it('does not even reach the proxy for an address that is refused', async () => {
    const proxy = await proxied();
    let answer = '';
    const transport = transports.make({
      policy: new AddressPolicy({ proxy: proxy.at() }),
      resolveHost: (...asked) => resolvingTo(answer)(...asked),
    });
    for (const { host } of refusedHosts)
      expect(await transport.send(aRequest({ url: `http://${host}/` }))).toMatchObject({ failure: 'address_refused' });
    for (answer of refusedAddresses())
      expect(await transport.send(aRequest({ url: 'http://a.test/' }))).toMatchObject({ failure: 'address_refused' });
    expect(proxy.sockets).toHaveLength(0);
  });

  describe('that resolves names', () => {
    const resolveHost = jest.fn();
    const there = (proxy: Proxy, allow: string[] = []) => ({
      policy: new AddressPolicy({ allow, proxy: { url: proxy.at(), resolve: 'proxy' } }),
      resolveHost,
    });

    it('asks for the name', async () => {
      const [receiver, proxy] = [await httpReceiver(), await proxied()];
      expect(await transports.send({ url: receiver.at('receiver.test') }, there(proxy))).toMatchObject({ status: 200 });
      expect(proxy.targets).toEqual([`receiver.test:${receiver.port}`]);
      expect(resolveHost).not.toHaveBeenCalled();
    });

    it('still refuses literal addresses, and names that no public network knows', async () => {
      const proxy = await proxied();
      const transport = transports.make(there(proxy));
      const names = ['localhost', 'a.localhost', 'jenkins', 'db.internal', 'printer.local', 'metadata.google.internal'];
      for (const host of [...refusedHosts.map((vector) => vector.host), ...names])
        expect(await transport.send(aRequest({ url: `http://${host}/` }))).toMatchObject({
          failure: 'address_refused',
        });
      expect(proxy.sockets).toHaveLength(0);
    });
  });

  it.each([
    ['wants to know who asks', 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'],
    ['will not', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 12\r\n\r\n10.0.0.1: no'],
    ['cannot', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
    ['puts off', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['redirects', 'HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\n\r\n'],
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9.7\r\n'],
    ['never ends its headers', `HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['answers in the place of the endpoint', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ])('reports a proxy that %s, without its words or its password', async (_, bytes) => {
    const [receiver, proxy] = [await httpReceiver(), await proxied(saying(bytes))];
    const settings = through(proxy.at(undefined, 'me:secret@'));
    expect(await transports.send({ url: receiver.at('receiver.test') }, settings)).toMatchObject(failed);
    await proxy.allClosed();
    expect(receiver.connections).toBe(0);
  });

  it('reports a proxy that hangs up, or is not there, and never does without', async () => {
    const [receiver, proxy] = [await httpReceiver(), await proxied((socket) => socket.destroy())];
    const url = receiver.at('receiver.test');
    expect(await transports.send({ url }, through(proxy.at()))).toMatchObject(failed);
    const gone = proxy.at();
    await proxies.pop()!.close();
    expect(await transports.send({ url }, through(gone))).toMatchObject(failed);
    expect(receiver.connections).toBe(0);
  });

  it('gives up on a proxy that says nothing when the time is up, and when it is closed', async () => {
    const proxy = await proxied(saying(''));
    const transport = transports.make(through(proxy.at()));
    const url = 'http://receiver.test/';
    expect(await transport.send(aRequest({ url, timeoutMs: 50 }))).toMatchObject({ failure: 'timeout' });
    const answer = transport.send(aRequest({ url }));
    while (proxy.asked.length < 2) await new Promise(setImmediate);
    await transport.close();
    expect(await answer).toMatchObject({ failure: 'closed' });
    await proxy.allClosed();
  });
});

describe('The option network.proxy', () => {
  it.each<[unknown, string]>([
    ['socks5://me:secret@proxy.test', 'an http: or https: URL without a path'],
    ['http://me:secret@proxy.test/path', 'an http: or https: URL without a path'],
    ['proxy.test:3128', 'an http: or https: URL without a path'],
    [{ url: 3128 }, 'an http: or https: URL without a path'],
    ['http://me:secr%et@proxy.test', 'percent-encoded'],
    [{ url: 'http://me:secret@proxy.test', resolve: 'there' }, "'here' or 'proxy'"],
  ])('refuses %j and does not repeat what may be a password', (proxy, expected) => {
    const build = () => new AddressPolicy({ proxy: proxy as string });
    expect(build).toThrow(WebhooksConfigurationError);
    expect(build).toThrow(expected);
    expect(build).not.toThrow(/secr/);
  });
});
