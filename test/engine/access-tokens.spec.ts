import { inspect } from 'node:util';
import { axiosTransport, defineTopic, type OAuth2Credential, type ResolveHost } from 'nestjs-webhooks';
import { undiciTransport } from 'nestjs-webhooks/undici';
import { TokenSource } from '../../lib/deliveries/token-source';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';
import { Receiver } from '../support/receiver';

const OrderShipped = defineTopic('order.shipped', undefined, { example: { id: 1 } });
const CLIENT = { clientId: 'our client', clientSecret: 's3cret/+ of ours' };

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });
  let server: Receiver;
  beforeEach(async () => (server = await Receiver.start()));
  afterEach(() => server.close());

  const credentials = (more: Partial<OAuth2Credential> = {}): OAuth2Credential => {
    return { type: 'oauth2', tokenUrl: server.url('/token'), ...CLIENT, ...more };
  };
  const grants = (token: string, more: object = {}) =>
    [
      200,
      {},
      { body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600, ...more }) },
    ] as const;
  const publish = async (host: Host, count = 1) => {
    await Promise.all(Array.from({ length: count }, () => host.webhooks.publish(OrderShipped, { id: 1 })));
    await host.webhooks.idle();
  };
  const shown = ({ receiver }: Host) => receiver.requests.map(({ headers }) => headers.authorization);
  const attempts = async (host: Host) => {
    const [delivery] = (await host.deliveries.list({})).data;
    return host.deliveries.attemptsOf(delivery!.id);
  };

  it('are asked for as RFC 6749 has it, once for many deliveries, and shown to the endpoint', async () => {
    const { host } = given;
    server.answers(...grants('token-1'));
    const { secrets } = await host.subscribe({
      credentials: credentials({ scope: 'hooks:write all', audience: 'them' }),
    });
    await publish(host, 20);
    await publish(host);
    expect(shown(host)).toEqual(Array.from({ length: 21 }, () => 'Bearer token-1'));
    expect(host.received(secrets.current())).toHaveLength(21);
    const [asked, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from('our+client:s3cret%2F%2B+of+ours').toString('base64')}`,
      },
    });
    const fields = { grant_type: 'client_credentials', scope: 'hooks:write all', audience: 'them' };
    expect(Object.fromEntries(new URLSearchParams(asked!.body))).toEqual(fields);
  });

  it('are asked for with the client in the body where the server wants that', async () => {
    const { host } = given;
    server.answers(...grants('token-1'));
    await host.subscribe({ credentials: credentials({ authentication: 'body' }) });
    await publish(host);
    expect(server.requests[0]!.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]!.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    });
  });

  it('are asked for anew shortly before they end', async () => {
    const { host } = given;
    server.answers(...grants('token-1', { expires_in: 600 })).then(...grants('token-2'));
    await host.subscribe({ credentials: credentials() });
    await publish(host);
    await host.clock.advance('569s');
    await publish(host);
    await host.clock.advance('2s');
    await publish(host);
    expect(shown(host)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  it.each([
    ['is said to be nothing', { expires_in: 0 }, '8s', '2s'],
    ['is said to be less than nothing', { expires_in: -1e308 }, '8s', '2s'],
    ['is said to be for ever', { expires_in: 1e308 }, '86369s', '2s'],
    ['is not said', { expires_in: undefined }, '269s', '2s'],
    ['is nonsense', { expires_in: ['9'] }, '269s', '2s'],
    ['is a number in a text', { expires_in: '600' }, '569s', '2s'],
  ] as const)('are held for a sensible time where their life %s', async (_, said, within, beyond) => {
    const { host } = given;
    server.answers(...grants('token-1', said)).then(...grants('token-2'));
    await host.subscribe({ credentials: credentials() });
    await publish(host);
    await host.clock.advance(within);
    await publish(host);
    await host.clock.advance(beyond);
    await publish(host);
    expect(shown(host)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  it('are asked for anew, once and within the attempt, where the endpoint answers 401 to one that was held', async () => {
    const { host } = given;
    server.answers(...grants('token-1')).then(...grants('token-2'));
    host.receiver.answers(204).then(401).then(204);
    await host.subscribe({ credentials: credentials() });
    await publish(host);
    await publish(host);
    expect(shown(host)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
    const { data } = await host.deliveries.list({});
    expect(data.map(({ state, attemptCount }) => [state, attemptCount])).toEqual([
      ['delivered', 1],
      ['delivered', 1],
    ]);
  });

  it('are not asked for again by an endpoint that takes none', async () => {
    const { host } = given;
    server.answers(...grants('token-1'));
    host.receiver.answers(401);
    await host.subscribe({ credentials: credentials() });
    await publish(host);
    expect([server.requests.length, host.receiver.requests.length]).toEqual([1, 1]);
    expect(await attempts(host)).toMatchObject([{ status: 401, failure: null }]);
    await host.clock.advance('5s');
    expect([server.requests.length, host.receiver.requests.length]).toEqual([2, 3]);
  });

  it.each([
    ['refuses the client', 401, '{"error":"invalid_client"}', 'the token endpoint answered with 401 (invalid_client).'],
    ['says more than it should', 400, '{"error":"<b>10.0.0.1</b>"}', 'the token endpoint answered with 400.'],
    ['leads elsewhere', 302, '{"access_token":"x"}', 'the token endpoint answered with 302.'],
    ['answers no JSON', 200, '<html>', 'the token endpoint answered with no access token.'],
    ['answers null', 200, 'null', 'the token endpoint answered with no access token.'],
    ['answers no token', 200, '{"access_token":7}', 'the token endpoint answered with no access token.'],
    [
      'answers a header more',
      200,
      '{"access_token":"a\\r\\nX-Evil: 1"}',
      'the token endpoint answered with no access token.',
    ],
    ['answers too much', 200, `{"access_token":"${'x'.repeat(20_000)}"}`, 'answered with no access token.'],
    ['answers another type', 200, '{"access_token":"a","token_type":"DPoP"}', 'none of the type "Bearer".'],
  ])('that cannot be had are a failed attempt that says so, where the server %s', async (_, status, body, detail) => {
    const { host } = given;
    server.answers(status, { location: host.receiver.url('/elsewhere') }, { body }).then(...grants('token-2'));
    await host.subscribe({ credentials: credentials() });
    await publish(host);
    expect(host.receiver.requests).toEqual([]);
    const [attempt] = await attempts(host);
    expect(attempt).toMatchObject({ failure: 'credentials', status: null, responseBody: null });
    expect(attempt!.detail).toMatch(/^No access token could be had: the token endpoint /);
    expect(attempt!.detail).toContain(detail);
    await host.clock.advance('5s');
    expect(shown(host)).toEqual(['Bearer token-2']);
  });

  it('belong to one subscription, though another has the same client, and end with its credentials', async () => {
    const { host } = given;
    server
      .answers(...grants('token-1'))
      .then(...grants('token-2'))
      .then(...grants('token-3'));
    const one = await host.subscribe({
      credentials: credentials(),
      url: host.receiver.url('/one'),
      topics: ['order.shipped'],
    });
    await publish(host);
    const two = await host.subscribe({ credentials: credentials(), url: host.receiver.url('/two') });
    await host.subscriptions.update(one.id, { enabled: false });
    await publish(host);
    await host.subscriptions.update(two.id, { credentials: credentials({ scope: 'another' }) });
    await publish(host);
    expect(shown(host)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
  });

  it('are in no answer, though an endpoint sends back what it gets, and nowhere in the database', async () => {
    const { host } = given;
    server.answers(...grants('a-token-of-some-length'));
    host.receiver.answers(500, {}, { body: 'you sent a-token-of-some-length' });
    await host.subscribe({ credentials: credentials() });
    await publish(host);
    expect(await attempts(host)).toMatchObject([{ responseBody: 'you sent [secret]' }]);
    expect(inspect(host.app.get(TokenSource), { depth: 5, showHidden: true })).not.toContain('a-token-of-some-length');
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped], webhooks: { attemptTimeoutMs: 150 } });

  it('of a server that hangs or cannot be reached are waited for no longer than an attempt may take', async () => {
    const { host } = given;
    const server = await Receiver.start();
    server.hangs();
    const credentials = { type: 'oauth2', tokenUrl: server.url('/token'), ...CLIENT } as const;
    const { id } = await host.subscribe({ credentials });
    const hanging = await host.webhooks.test(id, 'order.shipped');
    await server.close();
    const dead = await host.webhooks.test(id, 'order.shipped');
    const why = 'No access token could be had. The endpoint';
    expect([hanging, dead]).toMatchObject([
      { failure: 'credentials', detail: `${why} did not answer completely in time.` },
      { failure: 'credentials', detail: `${why} refused the connection (ECONNREFUSED).` },
    ]);
    expect(host.receiver.requests).toEqual([]);
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  let address = '93.184.215.14';
  const resolveHost: ResolveHost = (_hostname, _options, callback) => callback(null, [{ address, family: 4 }]);

  describe.each([
    ['axios', axiosTransport({ resolveHost })],
    ['undici', undiciTransport({ resolveHost })],
  ])('Access tokens, over %s,', (_, transport) => {
    const network = { allow: ['allowed.test'] };
    const given = hostForEach(database, { topics: [OrderShipped], webhooks: { network, transport } });

    it('are not asked for at a name that has come to lead into the network, and a delivery that wants one fails', async () => {
      const { host } = given;
      address = '93.184.215.14';
      const server = await Receiver.start();
      const tokenUrl = server.url('/token').replace('127.0.0.1', 'flips.test');
      const url = host.receiver.url('/hook').replace('127.0.0.1', 'allowed.test');
      const { id } = await host.subscribe({ url, credentials: { type: 'oauth2', tokenUrl, ...CLIENT } });
      address = '127.0.0.1';
      const { failure, detail, durationMs } = await host.webhooks.test(id, 'order.shipped');
      expect([failure, durationMs]).toEqual(['address_refused', 0]);
      expect(detail).toBe('No access token could be had. The address of this endpoint is not allowed.');
      await host.webhooks.publish(OrderShipped, { id: 1 });
      await host.clock.advance('1h');
      expect((await host.deliveries.list({})).data).toMatchObject([{ state: 'failed', attemptCount: 3 }]);
      expect([server.requests, host.receiver.requests]).toEqual([[], []]);
      await server.close();
    });
  });
});
