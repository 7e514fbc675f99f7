import { Client } from 'pg';
import { repeat } from './alternation';
import { writeBacklog } from './backlog';
import { below, report, type Measurement } from './measurement';
import { migratedDatabase } from './migrated-database';
import { eventually, now } from './now';
import type { Host, Receiver } from './stage';

const SUBSCRIPTIONS = 10_000;
const ROUNDS = 4;

interface Run {
  readonly publishMs: number;
  /** From the moment `publish` had accepted the event until the last delivery was in the table. */
  readonly storedMs: number;
  /** The same until the last delivery was at the receiver. */
  readonly receivedMs: number;
}

/** One event to 10,000 subscriptions. The first one finds cold caches and lanes that nobody owns: told apart. */
export const p7: Measurement = {
  id: 'P7',
  title: 'one event to 10,000 subscriptions',
  async run(stage) {
    const receiver = await stage.receiver();
    const [origin] = await receiver.call('origins');
    const databaseUrl = await migratedDatabase(stage);
    await writeBacklog(databaseUrl, { subscriptions: SUBSCRIPTIONS, deliveries: 0, url: origin! });
    const host = await stage.host({ databaseUrl });
    const table = new Client({ connectionString: databaseUrl });
    await table.connect();
    try {
      const [first, ...runs] = await repeat(() => fanOut(host, receiver, table), ROUNDS);
      return results(first!, runs);
    } finally {
      await table.end();
    }
  },
};

async function fanOut(host: Host, receiver: Receiver, table: Client): Promise<Run> {
  const wanted = (await receiver.call('counts')).requests + SUBSCRIPTIONS;
  const { id, publishMs, acceptedAt } = await host.call('publishOnce');
  const stored = await eventually(() => isFannedOut(table, id), 30_000, 2);
  const storedMs = now() - acceptedAt;
  const { rows } = await table.query<{ count: number }>(
    'SELECT count(*)::int FROM webhooks_delivery WHERE event_id = $1',
    [id],
  );
  if (!stored || rows[0]!.count !== SUBSCRIPTIONS) throw new Error(`Expected ${SUBSCRIPTIONS} deliveries of ${id}.`);
  await eventually(async () => (await receiver.call('counts')).requests >= wanted, 60_000);
  return { publishMs, storedMs, receivedMs: now() - acceptedAt };
}

/** The statement that stores the last deliveries of an event marks it as done. */
async function isFannedOut(table: Client, id: string): Promise<boolean> {
  const { rows } = await table.query('SELECT 1 FROM webhooks_event WHERE id = $1 AND fan_out_at IS NULL', [id]);
  return rows.length === 1;
}

function results(first: Run, runs: readonly Run[]) {
  const figure = (id: string, name: string, value: (run: Run) => number) => ({ id, name, runs, value });
  return [
    below(
      1_000,
      figure('P7-stored', 'accepted → 10,000 deliveries stored, ms', (run) => run.storedMs),
    ),
    below(
      10,
      figure('P7-publish', 'publish itself, ms', (run) => run.publishMs),
    ),
    below(1_000, {
      ...figure('P7-stored-cold', 'the same for the first event after boot, ms', (run) => run.storedMs),
      runs: [first],
    }),
    report(figure('P7-received', 'accepted → 10,000 deliveries received, ms', (run) => run.receivedMs)),
  ];
}
