import { Logger } from '@nestjs/common';
import { defineTopic, WebhooksConfigurationError, type LifecycleEvent, type Subscription } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { dumpOf } from '../support/dump';
import { aKey, idOfKey } from '../support/encryption-keys';
import { Host } from '../support/host';

const OrderShipped = defineTopic('order.shipped');
const [OLD, NEW] = [aKey(1), aKey(2)];

interface Stored {
  readonly id: string;
  readonly secrets: string;
  readonly secret_key: string | null;
  readonly updated_at: number | string;
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
  const stored = (host: Host) =>
    host.dataSource.query<Stored[]>(
      'SELECT id, secrets, secret_key, updated_at FROM webhooks_subscription ORDER BY id',
    );
  const keysOf = async (host: Host) => [...new Set((await stored(host)).map(({ secret_key: key }) => key))];
  /** Which keys are in use when the background has had its turns. */
  const keysInTheEnd = async (host: Host) => {
    for (let turns = 0; turns < 50 && (await keysOf(host)).some((key) => key !== idOfKey(NEW)); turns++)
      await host.clock.advance('1s');
    return keysOf(host);
  };
  const revisionOf = async (host: Host) =>
    (await host.dataSource.query<unknown[]>('SELECT * FROM webhooks_revision'))[0];
  const several = async (host: Host, count: number) => {
    const made: Subscription[] = [];
    for (let index = 0; index < count; index++) made.push(await host.subscribe({ enabled: false }));
    return made;
  };
  const currentOf = async (host: Host, { id }: Subscription) => (await host.subscriptions.get(id)).secrets.current();

  beforeEach(async () => (handle = await database.create()));
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  describe('Secrets at rest', () => {
    it('are nowhere in the database, while deliveries are signed with them', async () => {
      const host = await start(NEW);
      const subscription = await host.subscribe();
      await host.webhooks.publish(OrderShipped, { id: 1 });
      await host.webhooks.idle();
      const secret = subscription.secrets.current();
      expect(host.received(secret)).toHaveLength(1);
      expect(await dumpOf(host.dataSource)).not.toContain(secret.slice('whsec_'.length));
      expect(await stored(host)).toMatchObject([{ secrets: expect.stringMatching(/^v1\.[0-9a-f]{16}\./) as string }]);
    });

    it('are found there in clear where there is no key, and this is said at every boot, once and in one line', async () => {
      const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      const host = await start();
      const { secrets } = await host.subscribe();
      expect(await dumpOf(host.dataSource)).toContain(secrets.current().slice('whsec_'.length));
      expect(await keysOf(host)).toEqual([null]);
      const lines = warned.mock.calls.map(([line]) => String(line));
      expect(lines).toEqual([expect.stringMatching(/^WEBHOOK SECRETS ARE STORED IN CLEAR: .*openssl rand -base64 32/)]);
      await stop(host);
      await start(NEW);
      expect(warned.mock.calls.slice(1)).toEqual([]);
      warned.mockRestore();
    });

    it('are encrypted with the first key and read with any', async () => {
      const before = await start(OLD);
      const one = await before.subscribe();
      await stop(before);
      const host = await start(NEW, OLD);
      expect(await currentOf(host, one)).toBe(one.secrets.current());
      const two = await host.subscribe();
      expect((await stored(host)).find(({ id }) => id === two.id)).toMatchObject({ secret_key: idOfKey(NEW) });
    });

    it('belong to one subscription: in the row of another they are refused, and nobody else suffers', async () => {
      const host = await start(NEW);
      const [thief, victim, bystander] = await several(host, 3);
      const rows = await stored(host);
      const ofVictim = rows.find(({ id }) => id === victim!.id)!.secrets;
      await host.dataSource.query(`UPDATE webhooks_subscription SET secrets = '${ofVictim}' WHERE id = '${thief!.id}'`);
      await expect(currentOf(host, thief!)).rejects.toThrow('belongs to another subscription');
      expect(await currentOf(host, bystander!)).toBe(bystander!.secrets.current());
      await host.subscriptions.rotateSecret(thief!.id, { overlapSeconds: 0 });
      expect(await currentOf(host, thief!)).toMatch(/^whsec_/);
    });
  });

  describe('A subscription whose secret cannot be read', () => {
    const spoil = (host: Host, { id }: Subscription) =>
      host.dataSource.query(`UPDATE webhooks_subscription SET secrets = 'v1.${idOfKey(OLD)}.AAAA' WHERE id = '${id}'`);

    it('is listed, read, changed and removed like any other', async () => {
      const host = await start(NEW);
      const spoilt = await host.subscribe();
      await spoil(host, spoilt);
      expect((await host.subscriptions.list()).data).toHaveLength(1);
      expect(await host.subscriptions.update(spoilt.id, { description: 'Ours' })).toMatchObject({
        description: 'Ours',
      });
      await host.subscriptions.remove(spoilt.id);
      expect((await host.subscriptions.list()).data).toEqual([]);
    });

    it('keeps its deliveries, whose attempts say why, until the key is back; others are served meanwhile', async () => {
      const host = await start(NEW);
      const events: LifecycleEvent[] = [];
      host.webhooks.subscribe((event) => events.push(event));
      const spoilt = await host.subscribe({ url: host.receiver.url('/spoilt') });
      await host.subscribe({ url: host.receiver.url('/sound') });
      const [{ secrets }] = (await stored(host)).filter(({ id }) => id === spoilt.id) as [Stored];
      await spoil(host, spoilt);
      await host.webhooks.publish(OrderShipped, { id: 1 });
      await host.clock.advance('4d');
      expect([host.receiver.byPath('/sound').length, host.receiver.byPath('/spoilt').length]).toEqual([1, 0]);
      const [delivery] = (await host.deliveries.list({ subscription: spoilt.id })).data;
      expect(delivery).toMatchObject({ state: 'pending' });
      expect((await host.deliveries.attemptsOf(delivery!.id))[0]).toMatchObject({
        failure: 'secret_unreadable',
        detail: 'The request could not be signed, because the secret cannot be read at the moment.',
      });
      const reason = expect.stringContaining(idOfKey(OLD)) as string;
      expect(events).toContainEqual({ type: 'secret.unreadable', subscriptionId: spoilt.id, reason });
      await host.dataSource.query(`UPDATE webhooks_subscription SET secrets = '${secrets}' WHERE id = '${spoilt.id}'`);
      await host.subscriptions.update(spoilt.id, {});
      await host.clock.advance('1h');
      expect(host.receiver.byPath('/spoilt')).toHaveLength(1);
    });
  });

  describe('A boot without a key that is needed', () => {
    it.each([
      ['other keys', [NEW]],
      ['no keys', []],
    ])('fails with %s, and names the key, how many need it and the remedy', async (_, keys) => {
      const host = await start(OLD);
      await several(host, 2);
      await stop(host);
      const boot = start(...keys);
      await expect(boot).rejects.toThrow(WebhooksConfigurationError);
      await expect(boot).rejects.toThrow(`${idOfKey(OLD)} (2 subscriptions). Put them back at the end of the list.`);
    });
  });

  describe('Encrypting anew', () => {
    const before = async (count: number, ...keys: string[]) => {
      const host = await start(...keys);
      const made = await several(host, count);
      await stop(host);
      return made;
    };

    it('happens after a boot with another first key, some rows at a time, until the old key can go', async () => {
      const made = await before(205, OLD);
      const host = await start(NEW, OLD);
      expect(await keysInTheEnd(host)).toEqual([idOfKey(NEW)]);
      await stop(host);
      const after = await start(NEW);
      expect(await currentOf(after, made[204]!)).toBe(made[204]!.secrets.current());
    });

    it('takes what was in clear, and changes nothing else of a subscription', async () => {
      const made = await before(3);
      const host = await start(NEW);
      const [times, revision] = [made.map(({ updatedAt }) => updatedAt), await revisionOf(host)];
      expect(await keysInTheEnd(host)).toEqual([idOfKey(NEW)]);
      expect((await stored(host)).map((row) => Number(row.updated_at))).toEqual(times);
      expect(await revisionOf(host)).toEqual(revision);
      for (const each of made) expect(await currentOf(host, each)).toBe(each.secrets.current());
    });

    it('answers an operator who asks for it how many there were', async () => {
      await before(103, OLD);
      const host = await start(NEW, OLD);
      const asked = await host.webhooks.reencryptSecrets();
      expect(asked.reencrypted).toBeLessThanOrEqual(103);
      expect(asked.unreadable).toEqual([]);
      expect(await keysOf(host)).toEqual([idOfKey(NEW)]);
      expect(await host.webhooks.reencryptSecrets()).toEqual({ reencrypted: 0, unreadable: [] });
    });

    it('is done by several processes at once, beside changes, and the changes win', async () => {
      const made = await before(40, OLD);
      const [one, two] = [await start(NEW, OLD), await start(NEW, OLD)];
      const secrets = new Map<string, string>();
      const changing = made.map(async ({ id }, index) => {
        if (index % 2 === 0) return;
        const changed = await one.subscriptions.rotateSecret(id);
        secrets.set(id, changed.secrets.current());
      });
      await Promise.all([one.webhooks.reencryptSecrets(), two.webhooks.reencryptSecrets(), ...changing]);
      await one.webhooks.reencryptSecrets();
      expect(await keysOf(one)).toEqual([idOfKey(NEW)]);
      for (const each of made) {
        expect(await currentOf(two, each)).toBe(secrets.get(each.id) ?? each.secrets.current());
        expect((await two.subscriptions.get(each.id)).secrets.at(two.clock.now())).toContain(each.secrets.current());
      }
    });

    it('passes over what was tampered with, and names it', async () => {
      const made = await before(3, OLD);
      const bad = made[1]!.id;
      const first = await start(OLD);
      await first.dataSource.query(
        `UPDATE webhooks_subscription SET secrets = 'v1.${idOfKey(OLD)}.AAAA' WHERE id = '${bad}'`,
      );
      const host = await start(NEW, OLD);
      expect((await host.webhooks.reencryptSecrets()).unreadable).toEqual([bad]);
      expect((await keysOf(host)).sort()).toEqual([idOfKey(NEW), idOfKey(OLD)].sort());
    });
  });
});
