import { Client } from 'pg';
import { TOPIC } from './sample';

export interface Backlog {
  /** How many subscriptions owe it; made here, for tenants `backlog-0`, `backlog-1` and so on. */
  readonly subscriptions: number;
  /** How many due deliveries there are, spread evenly. */
  readonly deliveries: number;
  /** Where they go: `/0`, `/1` and so on are appended. */
  readonly url: string;
}

const SECRET = JSON.stringify([{ secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`, endsAt: null }]);

/**
 * Writes a backlog straight into the tables of a database that a host has migrated, by INSERT … SELECT, and tidies up
 * after itself as a database does in time (VACUUM ANALYZE, CHECKPOINT). Answers the ids of the subscriptions.
 */
export async function writeBacklog(databaseUrl: string, backlog: Backlog): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const ids = await writeSubscriptions(client, backlog);
    await writeDeliveries(client, backlog);
    for (const table of ['subscription', 'lane', 'event', 'delivery'])
      await client.query(`VACUUM ANALYZE webhooks_${table}`);
    await client.query('CHECKPOINT');
    return ids;
  } finally {
    await client.end();
  }
}

/** Makes subscriptions, one for each tenant, or platform-wide ones for every tenant; answers their ids. */
async function writeSubscriptions(client: Client, { subscriptions, url, deliveries }: Backlog): Promise<string[]> {
  const now = Date.now();
  // A different series for each size, so that two backlogs fit into one database.
  const id = `'sub_' || lpad(to_hex(${deliveries}), 16, '0') || lpad(to_hex(i), 16, '0')`;
  const tenant = deliveries === 0 ? 'NULL' : `'backlog-' || i`;
  await client.query(
    `INSERT INTO webhooks_subscription (id, contract, tenant, url, topics, metadata, enabled, secrets, created_at, updated_at)
     SELECT ${id}, 'standard', ${tenant}, $1 || '/' || i, $2, '{}', 1, $3, $4, $4 FROM generate_series(0, $5::int - 1) i`,
    [url, JSON.stringify([TOPIC]), SECRET, now, subscriptions],
  );
  await client.query(
    `INSERT INTO webhooks_subscription_topic (pattern, subscription_id)
     SELECT $1, ${id} FROM generate_series(0, $2::int - 1) i`,
    [TOPIC, subscriptions],
  );
  await client.query(
    `INSERT INTO webhooks_lane (subscription_id, calling) SELECT ${id}, $1::bigint FROM generate_series(0, $2::int - 1) i`,
    [deliveries === 0 ? 0 : 1, subscriptions],
  );
  await client.query(`UPDATE webhooks_revision SET value = value + 1`);
  const { rows } = await client.query<{ id: string }>(`SELECT ${id} AS id FROM generate_series(0, $1::int - 1) i`, [
    subscriptions,
  ]);
  return rows.map((row) => row.id);
}

async function writeDeliveries(client: Client, { subscriptions, deliveries }: Backlog): Promise<void> {
  if (deliveries === 0) return;
  const from = Date.now() - deliveries;
  const series = `lpad(to_hex(${deliveries}), 16, '0') || lpad(to_hex(i), 16, '0')`;
  const owner = `lpad(to_hex(${deliveries}), 16, '0') || lpad(to_hex(i % ${subscriptions}), 16, '0')`;
  await client.query(
    `INSERT INTO webhooks_event (id, topic, tenant, payload, created_at)
     SELECT 'evt_' || ${series}, $1, 'backlog-' || i % ${subscriptions}, '{"id":"sample"}', $2::bigint + i
     FROM generate_series(0, $3::int - 1) i`,
    [TOPIC, from, deliveries],
  );
  await client.query(
    `INSERT INTO webhooks_delivery (id, event_id, subscription_id, tenant, topic, state, attempt_count, next_attempt_at, created_at)
     SELECT 'dlv_' || ${series}, 'evt_' || ${series}, 'sub_' || ${owner}, 'backlog-' || i % ${subscriptions}, $1,
            'pending', 0, $2::bigint + i, $2::bigint + i
     FROM generate_series(0, $3::int - 1) i`,
    [TOPIC, from, deliveries],
  );
}
