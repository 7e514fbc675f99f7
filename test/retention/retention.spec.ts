import { Logger } from '@nestjs/common';
import { defineTopic, ReplaysService, type LifecycleEvent, type WebhooksOptions } from 'nestjs-webhooks';
import { Retention } from '../../lib/retention/retention';
import { RetentionRepository } from '../../lib/retention/retention.repository';
import { Database } from '../../lib/storage/database';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { catchUp, Host, hostForEach } from '../support/host';
import { DAY_MS, idAt, write } from './world';

class Order {
  id!: string;
}

const OrderCreated = defineTopic('order.created', Order);
const NO_RETRIES = { retry: { schedule: [] } };

async function publish(host: Host, options = {}): Promise<string> {
  const { id } = await host.webhooks.publish(OrderCreated, { id: 'A-1' }, options);
  await host.webhooks.idle();
  return id;
}

/** So much later, by the wall clock. */
async function later(host: Host, days: number): Promise<void> {
  host.clock.set(days * DAY_MS);
  await host.clock.advance('2h');
}

/** Deliveries that were over a hundred days ago, with an attempt and an event each. */
async function writeOld(host: Host, count: number): Promise<void> {
  const database = host.app.get(Database);
  const at = host.clock.now() - 100 * DAY_MS;
  const numbers = Array.from({ length: count }, (_, number) => number);
  const common = { topic: 'order.created', created_at: at };
  const event = (number: number) => idAt('evt', at + number, number);
  const delivery = (number: number) => idAt('dlv', at + number, number);
  await write(
    database,
    'event',
    numbers.map((number) => ({ ...common, id: event(number), payload: '{}' })),
  );
  await write(
    database,
    'delivery',
    numbers.map((number) => ({
      ...{ ...common, id: delivery(number), event_id: event(number), subscription_id: 'sub_1' },
      ...{ state: number % 2 === 0 ? 'delivered' : 'failed', attempt_count: 1, finished_at: at },
    })),
  );
  await write(
    database,
    'attempt',
    numbers.map((number) => ({
      ...{ delivery_id: delivery(number), id: 'att_1', started_at: at, duration_ms: 5, succeeded: 1 },
    })),
  );
}

async function countOf(host: Host, table: string): Promise<number> {
  const database = host.app.get(Database);
  const sql = `SELECT COUNT(*) AS total FROM ${database.table(table)}`;
  return Number((await database.read<{ total: number }>({ sql, params: [] }))[0]!.total);
}

function toldBy(host: Host): LifecycleEvent[] {
  const told: LifecycleEvent[] = [];
  host.webhooks.subscribe((event) => event.type === 'retention.pruned' && told.push(event));
  return told;
}

describeEachDatabase((database) => {
  describe('Without being told anything', () => {
    const given = hostForEach(database, { topics: [OrderCreated], webhooks: NO_RETRIES });

    it('keeps what was delivered for 30 days, and what has failed for 90', async () => {
      const { host } = given;
      catchUp(host);
      await host.subscribe({ tenant: 'acme' });
      host.receiver.answers(204).then(500);
      const [delivered, failed] = [await publish(host, { tenant: 'acme' }), await publish(host, { tenant: 'acme' })];
      const kept = async () => (await host.events()).map(({ id }) => id);
      await later(host, 29);
      expect(await kept()).toEqual([delivered, failed]);
      await later(host, 2);
      expect(await kept()).toEqual([failed]);
      expect(await countOf(host, 'attempt')).toBe(1);
      await later(host, 60);
      expect(await kept()).toEqual([]);
      expect([await countOf(host, 'delivery'), await countOf(host, 'attempt')]).toEqual([0, 0]);
    });

    it('keeps what is pending for as long as it is, with its event', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      await host.subscriptions.update(id, { enabled: false });
      const event = await publish(host);
      const at = host.clock.now() - 400 * DAY_MS;
      const owed = { topic: 'order.created', state: 'pending', attempt_count: 0, next_attempt_at: at, created_at: at };
      await write(host.app.get(Database), 'delivery', [
        { ...owed, id: idAt('dlv', at, 1), event_id: event, subscription_id: id },
      ]);
      await later(host, 200);
      expect(await countOf(host, 'delivery')).toBe(1);
      expect(await host.events()).toHaveLength(1);
    });
  });

  describe('A batch at a time', () => {
    const given = hostForEach(database, { topics: [OrderCreated], webhooks: NO_RETRIES });

    it('takes at most 200 deliveries or events in one transaction, and says how many it took', async () => {
      const { host } = given;
      await writeOld(host, 2_500);
      const told = toldBy(host);
      const log = jest.spyOn(Logger.prototype, 'log').mockReturnValue();
      const take = jest.spyOn(host.app.get(RetentionRepository), 'take');
      const commit = jest.spyOn(host.app.get(Database), 'commit');
      await host.clock.advance('2m');
      expect(take.mock.calls.map(([kind, ids]) => [kind, ids.length])).toEqual(
        ['deliveries', 'events'].flatMap((kind) => [
          ...Array.from({ length: 10 }, () => [kind, 200]),
          ...[200, 200, 100].map((size) => [kind, size]),
        ]),
      );
      const affected = await Promise.all(commit.mock.results.map(({ value }) => value as Promise<number[]>));
      expect(Math.max(...affected.flat())).toBe(200);
      const counts = { deliveries: 2_500, attempts: 2_500, events: 2_500, replays: 0, statistics: 0 };
      expect(told).toMatchObject([{ round: 'rows', counts: { ...counts, answers: 0, payloads: 0 } }]);
      expect(await host.app.get(RetentionRepository).lastReports()).toMatchObject({ rows: { counts } });
      const said = log.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('Retention'));
      const took = expect.stringMatching(
        /^Retention took away 2500 deliveries, 2500 attempts, 2500 events, in \d+ s$/,
      ) as string;
      expect(said).toEqual([took]);
    });

    it('says nothing in the log where it took nothing', async () => {
      const { host } = given;
      const log = jest.spyOn(Logger.prototype, 'log').mockReturnValue();
      const told = toldBy(host);
      await host.clock.advance('2m');
      expect(told).not.toEqual([]);
      expect(log).not.toHaveBeenCalled();
    });

    it('goes on where a crash has left it, and leaves nothing behind', async () => {
      const { host } = given;
      await writeOld(host, 1_000);
      const repository = host.app.get(RetentionRepository);
      const take = repository.take.bind(repository);
      const dying = jest.spyOn(repository, 'take').mockImplementation((kind, ids, cutoffs) => {
        if (dying.mock.calls.length === 3) return Promise.reject(new Error('killed'));
        return take(kind, ids, cutoffs);
      });
      await host.clock.advance('2m');
      expect(await countOf(host, 'delivery')).toBe(600);
      dying.mockRestore();
      await host.clock.advance('2h');
      expect([await countOf(host, 'delivery'), await countOf(host, 'attempt'), await countOf(host, 'event')]).toEqual([
        0, 0, 0,
      ]);
    });

    it('begins no further batch once the host is ending', async () => {
      const { host } = given;
      await writeOld(host, 1_000);
      await host.clock.advance(60_000 + 30);
      host.app.get(Retention).stop();
      const left = await countOf(host, 'delivery');
      await host.clock.advance('2h');
      expect(await countOf(host, 'delivery')).toBe(left);
      expect(left).toBeGreaterThan(0);
    });

    it('takes few statements in an hour in which there is nothing to take', async () => {
      const { host } = given;
      await host.clock.advance('2h');
      const [read, commit] = (['read', 'commit'] as const).map((name) => jest.spyOn(host.app.get(Database), name));
      await host.clock.advance('1h');
      expect(read!.mock.calls.length + commit!.mock.calls.length).toBeLessThanOrEqual(15);
    });
  });

  describe('Several processes', () => {
    let handle: DatabaseHandle;
    beforeEach(async () => (handle = await database.create()));
    afterEach(() => handle.drop());

    it('do it once between them', async () => {
      const options = { topics: [OrderCreated], webhooks: NO_RETRIES };
      const hosts = [await Host.start(handle, options), await Host.start(handle, options)];
      const told = hosts.map(toldBy);
      await writeOld(hosts[0]!, 300);
      await Promise.all(hosts.map((host) => host.clock.advance('2m')));
      expect(told.flat()).toHaveLength(1);
      for (const host of hosts) await host.stop();
    });
  });

  describe('Bodies that are kept for a shorter time', () => {
    const webhooks: WebhooksOptions = { ...NO_RETRIES, retention: { payloadDays: 2, answerDays: 1 } };
    const given = hostForEach(database, { topics: [OrderCreated], webhooks });

    it('go before what they belong to, and what is left says so', async () => {
      const { host } = given;
      catchUp(host);
      const { id: subscription } = await host.subscribe();
      host.receiver.answers(500, {}, { body: 'busy' });
      await publish(host);
      const { id } = (await host.deliveries.list({})).data[0]!;
      await later(host, 3);
      expect(await host.deliveries.byId(id)).toMatchObject({ state: 'failed', lastResult: '500' });
      expect(await host.deliveries.attemptsOf(id)).toMatchObject([{ status: 500, responseBody: null }]);
      expect(await host.events()).toMatchObject([{ payload: '' }]);
      await expect(host.webhooks.resend(id)).rejects.toMatchObject({
        code: 'WEBHOOKS_NOT_RESENDABLE',
        message: expect.stringContaining('retention has taken the payload of its event') as string,
      });
      const tried = host.receiver.requests.length;
      const replays = host.app.get(ReplaysService);
      const { id: replay } = await replays.start(subscription, { from: 0 });
      await host.webhooks.idle();
      expect(await replays.get(replay)).toMatchObject({ state: 'finished', scheduled: 0, unavailable: 1 });
      expect(host.receiver).toHaveBeenTried(tried);
    });
  });

  describe('A replay whose subscription is off', () => {
    const given = hostForEach(database, { topics: [OrderCreated], webhooks: NO_RETRIES });

    /** Old events: one of each tenant, and one of nobody. */
    const publishOld = async (host: Host) => {
      catchUp(host);
      for (const tenant of ['acme', 'globex', null]) await publish(host, { tenant });
      host.clock.set(29 * DAY_MS);
    };
    const tenants = async (host: Host) => (await host.events()).map(({ tenant }) => tenant);

    it.each([
      [{ tenant: 'acme' }, ['acme']],
      [{ tenant: 'acme', acrossTenants: true }, ['acme', 'globex', null]],
      [{}, ['acme', 'globex', null]],
    ])(
      'keeps the events that %p may get, no others, and none for longer than events are held',
      async (wanted, kept) => {
        const { host } = given;
        await publishOld(host);
        const { id } = await host.subscribe({ ...wanted, enabled: false });
        const replays = host.app.get(ReplaysService);
        const { id: replay } = await replays.start(id, { from: 0, only: 'all' });
        await host.webhooks.idle();
        await later(host, 5);
        expect(await tenants(host)).toEqual(kept);
        await later(host, 3);
        await later(host, 1);
        expect(await tenants(host)).toEqual([]);
        expect(await replays.get(replay)).toMatchObject({ canceledReason: 'its subscription was off for 7 days' });
      },
    );
  });

  describe('What has gone', () => {
    const given = hostForEach(database, { topics: [OrderCreated], webhooks: NO_RETRIES });

    it('is not taken for missing by a replay', async () => {
      const { host } = given;
      catchUp(host);
      const subscription = await host.subscribe();
      const other = await host.subscribe({ url: host.receiver.url('/other') });
      host.receiver.answers(204).then(500);
      await publish(host);
      await later(host, 40);
      expect(await host.events()).toHaveLength(1);
      const tried = host.receiver.requests.length;
      for (const { id } of [subscription, other]) {
        const { from } = await host.app.get(ReplaysService).start(id, { from: 0, only: 'missing' });
        expect(from).toBeGreaterThan(host.clock.now() - 30 * DAY_MS);
      }
      await host.webhooks.idle();
      expect(host.receiver).toHaveBeenTried(tried);
    });
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  it('refuses limits that make no sense', async () => {
    const handle = await database.create();
    const start = (retention: never) => Host.start(handle, { webhooks: { retention } });
    await expect(start({ deliveredDays: 0 } as never)).rejects.toThrow(
      'Expected retention.deliveredDays to be a whole number from 1 to 36500, got 0.',
    );
    await expect(start({ answersDays: 1 } as never)).rejects.toThrow('did you mean "answerDays"');
    await expect(start(30 as never)).rejects.toThrow('Expected retention to be an object of days, or false, got 30.');
  });
});
