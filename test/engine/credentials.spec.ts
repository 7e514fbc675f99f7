import { defineTopic, type LifecycleEvent, type NewSubscription } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';

const OrderShipped = defineTopic('order.shipped', undefined, { example: { id: 1 } });
const PASSWORD = 'correct horse battery';
const TOKEN = 'a-token-that-does-not-change';
const BASIC = { type: 'basic', username: 'we', password: PASSWORD } as const;
const BEARER = { type: 'bearer', token: TOKEN } as const;
const basicHeader = `Basic ${Buffer.from(`we:${PASSWORD}`).toString('base64')}`;

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });
  const publish = async (host: Host) => {
    await host.webhooks.publish(OrderShipped, { id: 1 });
    await host.webhooks.idle();
  };
  const sentHeaders = (host: Host, index = -1) => host.receiver.requests.at(index)!.headers;
  const lastAttempt = async (host: Host) => {
    const [delivery] = (await host.deliveries.list({})).data;
    return (await host.deliveries.attemptsOf(delivery!.id)).at(-1)!;
  };

  it.each([
    ['a user name and a password', BASIC, basicHeader],
    ['a token', BEARER, `Bearer ${TOKEN}`],
  ])('show %s with every attempt, beside the signature', async (_, credentials, authorization) => {
    const { host } = given;
    host.receiver.answers(500).then(204);
    const { secrets } = await host.subscribe({ credentials });
    await publish(host);
    await host.clock.advance('5s');
    expect(host.receiver.requests.map(({ headers }) => headers.authorization)).toEqual([authorization, authorization]);
    expect(host.received(secrets.current())).toHaveLength(2);
  });

  it("send the owner's headers, and those of the signature and the contract as they are", async () => {
    const { host } = given;
    const { secrets } = await host.subscribe({ headers: { 'X-Team': 'shipping', Accept: 'application/json' } });
    await publish(host);
    expect(sentHeaders(host)).toMatchObject({ 'x-team': 'shipping', accept: 'application/json' });
    expect(host.received(secrets.current())).toHaveLength(1);
  });

  it('go along with tests and resends too', async () => {
    const { host } = given;
    const { id } = await host.subscribe({ credentials: BASIC, headers: { 'X-Team': 'shipping' } });
    await publish(host);
    const [delivery] = (await host.deliveries.list({})).data;
    await host.webhooks.resend(delivery!.id);
    await host.webhooks.test(id, 'order.shipped');
    const shown = host.receiver.requests.map(({ headers }) => [headers.authorization, headers['x-team']]);
    expect(shown).toEqual(Array.from({ length: 3 }, () => [basicHeader, 'shipping']));
  });

  it('change with the next attempt, and go when they are null; what is not said of them stays', async () => {
    const { host } = given;
    const { id } = await host.subscribe({ credentials: BASIC, headers: { 'X-Team': 'shipping' } });
    const next = async (change: Partial<NewSubscription>) => {
      await host.subscriptions.update(id, change);
      await publish(host);
      return [sentHeaders(host).authorization, sentHeaders(host)['x-team']];
    };
    expect(await next({ description: 'Ours' })).toEqual([basicHeader, 'shipping']);
    expect(await next({ credentials: BEARER })).toEqual([`Bearer ${TOKEN}`, 'shipping']);
    expect(await next({ headers: { 'X-Team': 'billing' } })).toEqual([`Bearer ${TOKEN}`, 'billing']);
    expect(await next({ credentials: null })).toEqual([undefined, 'billing']);
    expect(await next({ headers: {} })).toEqual([undefined, undefined]);
    expect((await host.subscriptions.get(id)).credentials.isNone).toBe(true);
  });

  it('are not sent to another origin, which somebody may name to learn them, unless they are given for it', async () => {
    const { host } = given;
    const { id } = await host.subscribe({ credentials: BASIC, headers: { 'X-Team': 'shipping' } });
    const elsewhere = host.receiver.url('/hook').replace('127.0.0.1', 'localhost');
    const move = (change: Partial<NewSubscription>) => host.subscriptions.update(id, { url: elsewhere, ...change });
    const origin = new URL(host.receiver.url()).origin;
    const refused = `they were given for ${origin}: give them anew with a URL elsewhere, or take them away`;
    await expect(move({})).rejects.toThrow(`credentials: ${refused}; headers: ${refused}.`);
    await expect(move({ credentials: null })).rejects.toThrow(`: headers: ${refused}.`);
    await expect(move({ headers: {} })).rejects.toThrow(`: credentials: ${refused}.`);
    await host.subscriptions.update(id, { url: host.receiver.url('/other') });
    await move({ credentials: BEARER, headers: {} });
    await publish(host);
    expect(host.receiver.requests).toHaveLength(1);
    expect(sentHeaders(host)).toMatchObject({ authorization: `Bearer ${TOKEN}` });
    expect(sentHeaders(host)['x-team']).toBeUndefined();
  });

  it('are both kept where their two halves change at the same moment', async () => {
    const { host } = given;
    const { id } = await host.subscribe();
    await Promise.all([
      host.subscriptions.update(id, { credentials: BEARER }),
      host.subscriptions.update(id, { headers: { 'X-Team': 'shipping' } }),
    ]);
    const { credentials } = await host.subscriptions.get(id);
    expect(credentials.all()).toEqual({ credential: BEARER, headers: { 'X-Team': 'shipping' } });
  });

  it('are not kept where an endpoint sends them back', async () => {
    const { host } = given;
    const headers = { 'X-Key': 'a value that is secret' };
    host.receiver.answers(500, {}, { body: `${basicHeader} ${PASSWORD} ${headers['X-Key']}` });
    await host.subscribe({ credentials: BASIC, headers });
    await publish(host);
    expect((await lastAttempt(host)).responseBody).toBe('[secret] [secret] [secret]');
  });

  it('are in no log, no JSON and no lifecycle event', async () => {
    const { host } = given;
    const events: LifecycleEvent[] = [];
    host.webhooks.subscribe((event) => events.push(event));
    host.receiver.answers(500);
    const subscription = await host.subscribe({ credentials: BASIC, headers: { 'X-Key': TOKEN } });
    await publish(host);
    const shown = `${JSON.stringify([subscription, events])} ${String(subscription.credentials)}`;
    expect(shown).toContain('[credentials]');
    expect(shown).not.toMatch(new RegExp(`${PASSWORD}|${TOKEN}`));
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it.each<[string, Partial<NewSubscription>, string]>([
    ['a kind that there is not', { credentials: { type: 'digest' } as never }, 'credentials: expected a type of basic'],
    [
      'a member that it does not have',
      { credentials: { ...BEARER, extra: 1 } as never },
      'have token, and nothing else',
    ],
    ['a password that is none', { credentials: { ...BASIC, password: 7 } as never }, 'expected password to be a text'],
    ['a user name with a colon', { credentials: { ...BASIC, username: 'a:b' } }, 'expected username to be a text'],
    ['a token with a line break', { credentials: { type: 'bearer', token: 'a\r\nb' } }, 'visible ASCII characters'],
    ['a header of the signature', { headers: { Webhook_Id: 'x' } }, 'headers: "Webhook_Id" is not for owners to say'],
    ['a header that frames', { headers: { 'Transfer-Encoding': 'chunked' } }, 'is not for owners to say'],
    ['a header that is split', { headers: { 'X-Team': 'a\r\nX-Other: b' } }, '"X-Team" is not as HTTP allows it'],
    ['a header twice', { headers: { 'X-Team': 'a', x_team: 'b' } }, 'a header is named twice'],
    ['a header that nobody may name', { headers: JSON.parse('{"__proto__":"x"}') as Record<string, string> }, 'owners'],
    ['two authorizations', { headers: { Authorization: 'x' }, credentials: BEARER }, 'name one of the two'],
    [
      'a token endpoint in the network',
      { credentials: { type: 'oauth2', tokenUrl: 'http://10.0.0.1/', clientId: 'a', clientSecret: 'b' } },
      'tokenUrl cannot be sent to: The address of this endpoint is not allowed',
    ],
  ])('refuse %s, and do not repeat what was said', async (_, wanted, message) => {
    const creation = given.host.subscribe(wanted);
    await expect(creation).rejects.toMatchObject({ code: 'WEBHOOKS_INVALID_SUBSCRIPTION', status: 422 });
    await expect(creation).rejects.toThrow(message);
  });
});
