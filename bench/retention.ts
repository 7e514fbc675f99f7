import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { cutoffsAt, endOf, type Perishable } from '../lib/retention/retention-limits';
import { prepareSchema } from '../lib/storage/migrate';
import { openDatabase } from '../lib/storage/open-database';
import { SqlRetentionRepository } from '../lib/storage/sql-retention.repository';

/**
 * How long one batch of retention holds its locks, with 1,000,000 deliveries, attempts and events in the tables of
 * Postgres: `node -r @swc-node/register bench/retention.ts postgres://localhost/an-empty-database`.
 */
const ROWS = 1_000_000;
const ROWS_PER_BATCH = 200;
const DAY_MS = 86_400_000;

async function main(url: string): Promise<void> {
  const host = await new DataSource({ type: 'postgres', url }).initialize();
  const database = await openDatabase(host, { tablePrefix: 'webhooks_', poolSize: 2 });
  await prepareSchema(database, 'migrate');
  const now = Date.now();
  await fill(url, now);
  const repository = new SqlRetentionRepository(database);
  const limits = { deliveredMs: 30 * DAY_MS, failedMs: 90 * DAY_MS, eventMs: 30 * DAY_MS, statisticsMs: DAY_MS };
  const cutoffs = cutoffsAt(now, { ...limits, payloadMs: null, answerMs: null });
  const looks: number[] = [];
  for (const kind of ['deliveries', 'events'] as const) {
    const batches: number[] = [];
    await walk(kind, batches);
    report(`${kind}: a batch of ${ROWS_PER_BATCH}`, batches);
  }
  report('a look at 2,000 rows', looks);
  await database.close();
  await host.destroy();

  async function walk(kind: Perishable, batches: number[]): Promise<void> {
    for (let after: string | null = ''; after !== null;) {
      const from: string = after;
      const { perished, last } = await timed(looks, () =>
        repository.examine(kind, from, endOf(kind, cutoffs)!, cutoffs),
      );
      for (let first = 0; first < perished.length; first += ROWS_PER_BATCH) {
        const ids = perished.slice(first, first + ROWS_PER_BATCH);
        await timed(batches, () => repository.take(kind, ids, cutoffs));
      }
      after = last;
    }
  }
}

/** Half of it older than 30 days; every hundredth has failed, every thousandth is pending. */
async function fill(url: string, now: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const step = Math.floor((60 * DAY_MS) / ROWS);
  const at = `(${now - 60 * DAY_MS}::bigint + i::bigint * ${step})`;
  const id = (prefix: string) => `'${prefix}_' || lpad(to_hex(${at}), 12, '0') || '7' || lpad(to_hex(i), 19, '0')`;
  const state = `CASE WHEN i % 1000 = 1 THEN 'pending' WHEN i % 100 = 0 THEN 'failed' ELSE 'delivered' END`;
  const series = `FROM generate_series(0, ${ROWS - 1}) i`;
  await client.query(
    `INSERT INTO webhooks_event (id, topic, tenant, payload, created_at)
     SELECT ${id('evt')}, 'order.created', 'acme', repeat('x', 500), ${at} ${series}`,
  );
  await client.query(
    `INSERT INTO webhooks_delivery (id, event_id, subscription_id, tenant, topic, state, attempt_count, next_attempt_at, created_at, finished_at)
     SELECT ${id('dlv')}, ${id('evt')}, 'sub_' || i % 100, 'acme', 'order.created', ${state}, 1,
            CASE WHEN i % 1000 = 1 THEN ${at} END, ${at}, CASE WHEN i % 1000 <> 1 THEN ${at} END ${series}`,
  );
  await client.query(
    `INSERT INTO webhooks_attempt (delivery_id, id, number, started_at, duration_ms, succeeded, status, response_body)
     SELECT ${id('dlv')}, 'att_1', 1, ${at}, 5, 1, 204, repeat('y', 200) ${series}`,
  );
  for (const table of ['event', 'delivery', 'attempt']) await client.query(`VACUUM ANALYZE webhooks_${table}`);
  await client.end();
}

async function timed<Result>(times: number[], action: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await action();
  times.push(performance.now() - startedAt);
  return result;
}

function report(what: string, times: number[]): void {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  const longest = sorted.at(-1)!.toFixed(1);
  console.log(`${what}: ${times.length} times, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${longest} ms`);
}

void main(process.argv[2]!);
