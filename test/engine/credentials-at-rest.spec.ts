import { defineTopic, type Subscription } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { dumpOf } from '../support/dump';
import { aKey, idOfKey } from '../support/encryption-keys';
import { Host } from '../support/host';

const OrderShipped = defineTopic('order.shipped');
const [OLD, NEW] = [aKey(1), aKey(2)];
const credentials = { type: 'bearer', token: 'the-token-of-this-subscription' } as const;
const headers = { 'X-Key': 'the-key-in-a-header' };
const AUTHORIZATION = `Bearer ${credentials.token}`;

interface Stored {
  readonly id: string;
  readonly secrets: string;
  readonly credentials: string;
  readonly credentials_key: string;
}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];

  const start = async (...encryptionKeys: string[]) => {
    const host = await Host.start(handle, { topics: [OrderShipped], webhooks: { encryptionKeys } });
    hosts.push(host);
    return host;
  };
  const stop = async (host: Host) => {
    hosts.splice(hosts.indexOf(host), 1);
    await host.stop();
  };
  const stored = async (host: Host, { id }: Pick<Subscription, 'id'>) => {
    const columns = 'id, secrets, credentials, credentials_key';
    return (
      await host.dataSource.query<[Stored]>(`SELECT ${columns} FROM webhooks_subscription WHERE id = '${id}'`)
    )[0];
  };
  const put = (host: Host, { id }: Pick<Subscription, 'id'>, assignment: string) =>
    host.dataSource.query(`UPDATE webhooks_subscription SET ${assignment} WHERE id = '${id}'`);
  const contentsOf = async (host: Host, { id }: Pick<Subscription, 'id'>) =>
    (await host.subscriptions.get(id)).credentials.all();

  beforeEach(async () => (handle = await database.create()));
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('are nowhere in the database, while requests are sent with them', async () => {
    const host = await start(NEW);
    await host.subscribe({ credentials, headers });
    await host.webhooks.publish(OrderShipped, { id: 1 });
    await host.webhooks.idle();
    expect(host.receiver.requests).toMatchObject([{ headers: { authorization: AUTHORIZATION } }]);
    expect(await dumpOf(host.dataSource)).not.toMatch(/the-token-of|the-key-in/);
  });

  it('are there in clear without a key, and encrypted once there is one', async () => {
    const host = await start();
    const made = await host.subscribe({ credentials, headers });
    expect((await stored(host, made)).credentials).toContain(credentials.token);
    await stop(host);
    const after = await start(NEW);
    await after.webhooks.reencryptSecrets();
    expect((await stored(after, made)).credentials_key).toBe(idOfKey(NEW));
    expect(await contentsOf(after, made)).toEqual({ credential: credentials, headers });
  });

  it('belong to one subscription and to their place in it', async () => {
    const host = await start(NEW);
    const [thief, victim] = [await host.subscribe({ headers }), await host.subscribe({ credentials })];
    const ofVictim = await stored(host, victim);
    await put(host, thief, `credentials = '${ofVictim.credentials}'`);
    await expect(contentsOf(host, thief)).rejects.toThrow('belongs to another subscription');
    await put(host, thief, `credentials = secrets`);
    await expect(contentsOf(host, thief)).rejects.toThrow('belongs to another subscription');
    await put(host, thief, `secrets = '${ofVictim.credentials}'`);
    const spoilt = await host.subscriptions.get(thief.id);
    expect(() => spoilt.secrets.all()).toThrow('another subscription');
    expect(await contentsOf(host, victim)).toEqual({ credential: credentials, headers: {} });
  });

  it('that were changed by somebody keep one subscription alone waiting, until both halves are given anew', async () => {
    const host = await start(NEW);
    const spoilt = await host.subscribe({ credentials, headers, url: host.receiver.url('/spoilt') });
    await host.subscribe({ credentials, url: host.receiver.url('/sound') });
    await put(host, spoilt, `credentials = 'v1.${idOfKey(NEW)}.AAAA'`);
    await host.webhooks.publish(OrderShipped, { id: 1 });
    await host.webhooks.idle();
    expect([host.receiver.byPath('/sound').length, host.receiver.byPath('/spoilt').length]).toEqual([1, 0]);
    const [delivery] = (await host.deliveries.list({ subscription: spoilt.id })).data;
    expect(await host.deliveries.attemptsOf(delivery!.id)).toMatchObject([
      {
        failure: 'secret_unreadable',
        detail: 'The request could not be sent, because its credentials cannot be read at the moment.',
      },
    ]);
    const half = host.subscriptions.update(spoilt.id, { credentials });
    await expect(half).rejects.toThrow('give the credentials and the headers together');
    const elsewhere = { url: 'http://127.0.0.1:8081/' };
    await expect(host.subscriptions.update(spoilt.id, elsewhere)).rejects.toThrow('they were given for');
    await host.subscriptions.update(spoilt.id, { description: 'Ours', url: host.receiver.url('/mended') });
    await host.subscriptions.update(spoilt.id, { credentials, headers: {} });
    await host.clock.advance('1h');
    expect(host.receiver.byPath('/mended')).toMatchObject([{ headers: { authorization: AUTHORIZATION } }]);
  });

  it('follow the first key like secrets do, and the old key can go', async () => {
    const host = await start(OLD);
    const made = [];
    for (let count = 0; count < 103; count++) made.push(await host.subscribe({ enabled: false, credentials }));
    await host.subscribe({ enabled: false });
    await stop(host);
    const both = await start(NEW, OLD);
    await both.webhooks.reencryptSecrets();
    expect(await both.webhooks.reencryptSecrets()).toEqual({ reencrypted: 0, unreadable: [] });
    await stop(both);
    const after = await start(NEW);
    expect(await contentsOf(after, made[102]!)).toEqual({ credential: credentials, headers: {} });
    expect((await after.subscriptions.get(made[0]!.id)).secrets.current()).toBe(made[0]!.secrets.current());
  });

  it('that alone are under an old key are counted, missed at boot and encrypted anew', async () => {
    const host = await start(OLD);
    const made = await host.subscribe({ enabled: false, credentials });
    const before = await stored(host, made);
    await stop(host);
    const both = await start(NEW, OLD);
    await both.webhooks.reencryptSecrets();
    await put(both, made, `credentials = '${before.credentials}', credentials_key = '${idOfKey(OLD)}'`);
    await stop(both);
    await expect(start(NEW)).rejects.toThrow(`${idOfKey(OLD)} (1 subscriptions)`);
    const again = await start(NEW, OLD);
    await again.webhooks.reencryptSecrets();
    expect(await stored(again, made)).toMatchObject({ credentials_key: idOfKey(NEW) });
    await put(again, made, `credentials = 'v1.${idOfKey(OLD)}.AAAA', credentials_key = '${idOfKey(OLD)}'`);
    expect((await again.webhooks.reencryptSecrets()).unreadable).toEqual([made.id]);
  });
});
