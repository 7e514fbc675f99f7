import { Client } from 'pg';
import { migratedDatabase } from './migrated-database';
import { sample, TOPIC } from './sample';
import type { Stage } from './stage';

/** Whose events they are. */
export const PAST_TENANT = 'past';

/**
 * A database that holds so many events of the last hour that nobody was ever owed, written straight into its table and
 * tidied up as a database does in time (VACUUM ANALYZE, CHECKPOINT); answers its URL.
 */
export async function databaseWithPast(stage: Stage, events: number): Promise<string> {
  const databaseUrl = await migratedDatabase(stage);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Ids begin with the time, as those that are published do.
    await client.query(
      `INSERT INTO webhooks_event (id, topic, tenant, payload, created_at)
       SELECT 'evt_' || lpad(to_hex($1::bigint + i), 12, '0') || lpad(to_hex(i), 20, '0'), $2, $3, $4, $1::bigint + i
       FROM generate_series(0, $5::int - 1) i`,
      [Date.now() - 3_600_000, TOPIC, PAST_TENANT, JSON.stringify(sample(0)), events],
    );
    await client.query('VACUUM ANALYZE webhooks_event');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
  return databaseUrl;
}
