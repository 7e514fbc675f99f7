import { DeliveriesRepository, EventsRepository, type DeliveryQuery, type EventQuery } from 'nestjs-webhooks';
import type { Statement } from '../../lib/shared/statement';
import { RetentionRepository, type Examined } from '../../lib/retention/retention.repository';
import { cutoffsAt, endOf } from '../../lib/retention/retention-limits';
import { StatisticsRepository } from '../../lib/statistics/statistics.repository';
import { Database } from '../../lib/storage/database';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { fillReplays, fillTables, idOf, ROWS, slowParts } from './plans';

/** From row 10,000 to row 90,000. */
const SPAN = { createdFrom: 0x10000, createdTo: 0x90000 };

const DELIVERY_FILTERS: readonly DeliveryQuery[] = [
  { tenant: 'tenant-7' },
  { subscription: idOf('sub', 7) },
  { event: idOf('evt', 50_007) },
  { topic: 'order.created' },
  { lastResult: '500' },
  SPAN,
  { cursor: idOf('dlv', 80_000) },
];

const EVENT_FILTERS: readonly EventQuery[] = [
  { tenant: 'tenant-7' },
  { topic: 'order.created' },
  { subject: 'A-1' },
  SPAN,
  { cursor: idOf('evt', 80_000) },
];

/** Every way to leave some of them out. */
function combinations<Query extends object>(filters: readonly Query[]): Query[] {
  return filters.reduce<Query[]>((all, filter) => all.flatMap((each) => [each, { ...each, ...filter }]), [{} as Query]);
}

/** 100,000 rows, so that the planners have something to think about. */
describeEachDatabase((kind) => {
  let handle: DatabaseHandle;
  let host: Host;
  let database: Database;

  beforeAll(async () => {
    handle = await kind.create();
    host = await Host.start(handle);
    database = host.app.get(Database);
    await fillTables(database);
  }, 120_000);

  afterAll(async () => {
    await host.stop();
    await handle.drop();
  });

  const read = async (action: () => Promise<unknown>): Promise<Statement[]> => {
    const spy = jest.spyOn(database, 'read');
    await action();
    const statements = spy.mock.calls.map(([statement]) => statement);
    spy.mockRestore();
    return statements;
  };
  const expectFast = async (query: object, action: () => Promise<unknown>, allowed: readonly string[] = []) => {
    const statements = await read(action);
    expect(statements.length).toBeLessThanOrEqual(3);
    for (const statement of statements) {
      // What was sifted is at most 5,000 rows, and may be sorted; what finds these rows may not.
      const isSifted = statements.length > 1 && statement === statements.at(-1);
      const slow = (await slowParts(database, statement)).filter(
        (part) => !allowed.includes(part) && !(isSifted && part === 'sort'),
      );
      expect({ query, slow, sql: statement.sql }).toEqual({ query, slow: [], sql: statement.sql });
    }
  };

  it('finds a page of deliveries by index, whatever is asked for', async () => {
    const deliveries = host.app.get(DeliveriesRepository);
    for (const rest of combinations(DELIVERY_FILTERS)) {
      for (const state of [undefined, 'failed', 'delivered', 'pending'] as const) {
        const query = { ...rest, state };
        // An event has no more deliveries than there are subscriptions.
        await expectFast(query, () => deliveries.list(query), query.event === undefined ? [] : ['sort']);
      }
    }
  }, 120_000);

  it('finds a page of events by index, whatever is asked for', async () => {
    const events = host.app.get(EventsRepository);
    for (const query of combinations(EVENT_FILTERS)) await expectFast(query, () => events.list(query));
  });

  it('looks at no more than 5,000 rows where they have to be sifted, and goes on where it stopped', async () => {
    const deliveries = host.app.get(DeliveriesRepository);
    const query = { lastResult: '999' };
    let pages = 0;
    for (let cursor: string | undefined; pages === 0 || cursor !== undefined; pages++) {
      const page = await deliveries.list({ ...query, cursor });
      expect(page.data).toEqual([]);
      cursor = page.nextCursor ?? undefined;
    }
    expect(pages).toBe(ROWS / 5_000 + 1);
  });

  it('finds every row once, however it has to be sifted', async () => {
    const deliveries = host.app.get(DeliveriesRepository);
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await deliveries.list({ state: 'pending', topic: 'order.created', cursor, limit: 7 });
      found.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    // Every thousandth from 1 on, as far as it can be divided by 3: 2,001, 5,001 and so on.
    expect(found).toEqual(Array.from({ length: 33 }, (_, index) => idOf('dlv', 98_001 - index * 3_000)));
  });

  it('finds what retention may take by index, however many replays wait', async () => {
    const retention = host.app.get(RetentionRepository);
    await fillReplays(database);
    const limits = { deliveredMs: 1, failedMs: 1, eventMs: 1, payloadMs: 1, answerMs: 1, statisticsMs: 1 };
    const cutoffs = cutoffsAt(ROWS, limits);
    for (const kind of ['deliveries', 'events'] as const) {
      const before = endOf(kind, cutoffs)!;
      await expectFast({ kind }, () =>
        retention.examine(kind, idOf(kind.startsWith('d') ? 'dlv' : 'evt', 50_000), before, cutoffs),
      );
    }
    const { perished }: Examined = await retention.examine('payloads', '', endOf('payloads', cutoffs)!, cutoffs);
    // Row 1 is pending; row 7 and every twentieth after it is a tenant's whose replay waits.
    expect(perished.slice(0, 7)).toEqual([0, 2, 3, 4, 5, 6, 8].map((row) => idOf('evt', row)));
  });

  it('counts a backlog by index', async () => {
    const statistics = host.app.get(StatisticsRepository);
    await expectFast({ backlog: 'one' }, () => statistics.backlog({ subscription: idOf('sub', 1) }));
    expect(await statistics.backlog({ subscription: idOf('sub', 1) })).toMatchObject({ pending: 100, complete: true });
  });
});
