import { defineTopic, StatisticsService, type LifecycleEvent } from 'nestjs-webhooks';
import { StatisticsRepository } from '../../lib/statistics/statistics.repository';
import { Tally } from '../../lib/statistics/tally';
import { Database } from '../../lib/storage/database';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host, hostForEach } from '../support/host';

class Order {
  id!: string;
}

const OrderCreated = defineTopic('order.created', Order);
const HOUR_MS = 3_600_000;
const options = { topics: [OrderCreated], webhooks: { retry: { schedule: ['1m'], jitter: 0 } } } as const;

async function publish(host: Host, count: number, tenant: string | null = null): Promise<void> {
  const orders = Array.from({ length: count }, (_, index) => ({ id: String(index) }));
  await Promise.all(orders.map((order) => host.webhooks.publish(OrderCreated, order, { tenant })));
  await host.webhooks.idle();
}

function statisticsOf(host: Host, ...given: Parameters<StatisticsService['of']>) {
  return host.app.get(StatisticsService).of(...given);
}

describeEachDatabase((database) => {
  const given = hostForEach(database, options);

  it('say how many attempts there were, and what came of them', async () => {
    const { host } = given;
    const { id: subscription } = await host.subscribe();
    host.receiver.answers(204).then(500).then(204).then(500).then(500).then(204);
    for (let event = 0; event < 3; event++) {
      await publish(host, 1);
      await host.clock.advance('2m');
    }
    const { totals, backlog } = await statisticsOf(host, { subscription });
    expect(totals).toMatchObject({ attempts: 5, succeeded: 2, failed: 3, deliveredFirst: 1, exhausted: 1 });
    expect(totals.successRate).toBeCloseTo(0.4);
    expect(totals.attemptsPerSecond).toBeGreaterThan(0);
    expect(totals.durationMs!.p99).toBeGreaterThanOrEqual(totals.durationMs!.p50);
    expect(backlog).toEqual({ pending: 0, complete: true, firstDueAt: null, oldestAt: null });
  });

  it('go by the hour, and keep to the hours that were asked for', async () => {
    const { host } = given;
    await host.subscribe();
    const begin = host.clock.now();
    await publish(host, 3);
    await host.clock.advance('90m');
    await publish(host, 2);
    await host.clock.advance('30h');
    await publish(host, 1);
    const hours = async (span: object) =>
      (await statisticsOf(host, {}, span)).hours.map(({ hour, attempts }) => [(hour - begin) / HOUR_MS, attempts]);
    expect(await hours({})).toEqual([[31, 1]]);
    expect(await hours({ from: begin })).toEqual([
      [0, 3],
      [1, 2],
      [31, 1],
    ]);
    expect(await hours({ from: begin, to: begin + HOUR_MS - 1 })).toEqual([[0, 3]]);
    expect(await hours({ from: begin + HOUR_MS, to: begin + HOUR_MS })).toEqual([[1, 2]]);
  });

  it('are nothing where nothing happened', async () => {
    const { totals, hours } = await statisticsOf(given.host, {});
    expect(totals).toMatchObject({ attempts: 0, successRate: null, durationMs: null, attemptsPerSecond: 0 });
    expect(hours).toEqual([]);
  });

  it('say what is pending, and since when', async () => {
    const { host } = given;
    const { id: subscription } = await host.subscribe();
    await host.subscribe({ url: host.receiver.url('/other'), tenant: 'acme' });
    host.receiver.answers(500);
    const begin = host.clock.now();
    await publish(host, 2);
    await host.clock.advance('10s');
    await publish(host, 1, 'acme');
    const of = async (scope: object) => (await statisticsOf(host, scope)).backlog;
    const firstDueAt = begin + 60_000;
    expect(await of({})).toMatchObject({ pending: 4, complete: true, firstDueAt });
    expect(await of({ subscription })).toMatchObject({ pending: 3, complete: true, firstDueAt });
    expect(await of({ tenant: 'acme' })).toMatchObject({ pending: 1, complete: true, firstDueAt: firstDueAt + 10_000 });
    expect((await of({})).oldestAt).not.toBeNull();
  });

  it('are those of a tenant’s subscriptions for the tenant', async () => {
    const { host } = given;
    await host.subscribe({ tenant: 'acme' });
    await host.subscribe({ tenant: 'globex', url: host.receiver.url('/other') });
    await publish(host, 3, 'acme');
    await publish(host, 1, 'globex');
    const attempts = async (scope: object) => (await statisticsOf(host, scope)).totals.attempts;
    expect([await attempts({}), await attempts({ tenant: 'acme' }), await attempts({ tenant: 'globex' })]).toEqual([
      4, 3, 1,
    ]);
    expect(await attempts({ tenant: 'initech' })).toBe(0);
  });

  it('are written every ten seconds while there is something to write, in one statement', async () => {
    const { host } = given;
    for (let index = 0; index < 3; index++) await host.subscribe();
    const add = jest.spyOn(host.app.get(StatisticsRepository), 'add');
    await publish(host, 50);
    expect(add).not.toHaveBeenCalled();
    await host.clock.advance('10s');
    expect(add.mock.calls.map(([sums]) => sums.length)).toEqual([3]);
    await host.clock.advance('50s');
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('are added to what is there, whoever counted it', async () => {
    const { host } = given;
    const { id: subscription } = await host.subscribe();
    for (let round = 0; round < 3; round++) {
      await publish(host, 2);
      await host.clock.advance('10s');
    }
    const rows = await host.app.get(Database).read({ sql: 'SELECT * FROM webhooks_statistics', params: [] });
    expect(rows).toHaveLength(1);
    expect((await statisticsOf(host, { subscription })).totals).toMatchObject({ attempts: 6, deliveredFirst: 6 });
  });

  it('lose nothing when the table cannot be written for a while', async () => {
    const { host } = given;
    await host.subscribe();
    const told: LifecycleEvent[] = [];
    host.webhooks.subscribe((event) => event.type === 'engine.failed' && told.push(event));
    jest.spyOn(host.app.get(StatisticsRepository), 'add').mockRejectedValueOnce(new Error('away'));
    await publish(host, 2);
    await host.clock.advance('10s');
    expect(told).toMatchObject([{ doing: 'writing statistics' }]);
    await publish(host, 1);
    await host.clock.advance('10s');
    expect((await statisticsOf(host, {})).totals.attempts).toBe(3);
  });

  it('go with their subscription, and with retention', async () => {
    const { host } = given;
    const rows = () => host.app.get(Database).read({ sql: 'SELECT * FROM webhooks_statistics', params: [] });
    const { id } = await host.subscribe();
    await host.subscribe();
    await publish(host, 1);
    await host.app.get(Tally).flush();
    expect(await rows()).toHaveLength(2);
    await host.subscriptions.remove(id);
    expect(await rows()).toHaveLength(1);
    host.clock.set(91 * 86_400_000);
    await host.clock.advance('2h');
    expect(await rows()).toEqual([]);
  });

  it('refuse a span that ends before it begins, or is too long', async () => {
    await expect(statisticsOf(given.host, {}, { from: 2, to: 1 })).rejects.toThrow('later than "from"');
    await expect(statisticsOf(given.host, {}, { from: 0 })).rejects.toThrow('at most 92 days');
  });
});

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  beforeEach(async () => (handle = await database.create()));
  afterEach(() => handle.drop());

  it('are written when the host ends', async () => {
    const first = await Host.start(handle, options);
    await first.subscribe();
    await publish(first, 4);
    await first.stop();
    const second = await Host.start(handle, options);
    expect((await statisticsOf(second, {})).totals.attempts).toBe(4);
    await second.stop();
  });
});
