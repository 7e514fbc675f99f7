import type { ColumnTypes } from './column-types';
import { tableStatements, type Table } from './table-statements';

const FAILED = `state = 'failed'`;

/** Sums of an hour, and how many attempts took at most so many milliseconds, or longer. */
const SUM_COLUMNS = [
  ...['attempts', 'succeeded', 'delivered_first', 'exhausted', 'within_10', 'within_25', 'within_50', 'within_100'],
  ...['within_250', 'within_500', 'within_1000', 'within_2500', 'within_5000', 'within_10000', 'within_30000'],
  'longer',
];

/** Version 1: subscriptions, events, deliveries, attempts, lanes and nodes. */
export function createTables(t: (name: string) => string, types: ColumnTypes): string[] {
  return [
    ...tables(types).flatMap((table) => tableStatements(table, t, types)),
    `INSERT INTO ${t('revision')} (id, value) SELECT 'subscriptions', 1 FROM (SELECT 1 AS one) AS o ` +
      `WHERE NOT EXISTS (SELECT 1 FROM ${t('revision')})`,
  ];
}

function tables({ counter, short, text, integer }: ColumnTypes): Table[] {
  const key = `${short(64)} NOT NULL PRIMARY KEY`;
  const reference = `${short(64)} NOT NULL`;
  const topic = `${short(255)} NOT NULL`;
  const required = `${integer} NOT NULL`;
  const tenant = `tenant ${short(255)}`;
  return [
    {
      name: 'subscription',
      columns: [`number ${counter}`, `id ${reference} UNIQUE`, `contract ${reference}`, tenant, `url ${text} NOT NULL`]
        .concat([`topics ${text} NOT NULL`, `description ${text}`, `metadata ${text} NOT NULL`, `enabled ${required}`])
        .concat([`suspended_at ${integer}`, `suspended_reason ${text}`, `secrets ${text} NOT NULL`])
        // Which key the secrets are encrypted with; null is in clear.
        .concat([`secret_key ${short(16)}`])
        // What its requests carry besides, encrypted as well; no key is that there is nothing, an empty one in clear.
        .concat([`credentials ${text}`, `credentials_key ${short(16)}`])
        // What it gets of others' events, how often in a row it failed, and what only its contract knows.
        .concat([`across_tenants ${required} DEFAULT 0`, `failures ${required} DEFAULT 0`, `settings ${text}`])
        // How its owner wants its deliveries.
        .concat([`preferences ${text}`])
        // Since when it has been failing; from when on it is to get what it missed while it was off, and when that began.
        .concat([`failing_since ${integer}`, `held_since ${integer}`, `off_since ${integer}`])
        // Which process has counted its last failure, and the number of that among all that the process counts.
        .concat([`counted_by ${short(64)}`, `counted_last ${integer}`])
        .concat([`created_at ${required}`, `updated_at ${required}`]),
      indexes: [
        { name: 'tenant', columns: 'tenant, id' },
        { name: 'secret_key', columns: 'secret_key, id' },
        { name: 'credentials_key', columns: 'credentials_key, id', condition: 'credentials_key IS NOT NULL' },
        { name: 'held', columns: 'held_since, id', condition: 'held_since IS NOT NULL' },
      ],
    },
    {
      name: 'subscription_topic',
      columns: [`pattern ${topic}`, `subscription_id ${reference}`, 'PRIMARY KEY (pattern, subscription_id)'],
      indexes: [{ name: 'subscription', columns: 'subscription_id' }],
    },
    { name: 'revision', columns: [`id ${key}`, `value ${required}`], indexes: [] },
    {
      name: 'event',
      columns: [`id ${key}`, `topic ${topic}`, tenant, `subject ${short(255)}`, `payload ${text} NOT NULL`]
        .concat([`idempotency_hash ${short(64)}`, `created_at ${required}`])
        // When a sweep takes it, null once it is fanned out; the trace it was published in; and the version of its topic.
        .concat([`fan_out_at ${integer}`, `trace ${short(600)}`, `version ${integer}`])
        // What it is in order with: null for its subject, '' for nothing.
        .concat([`ordering_key ${short(255)}`]),
      indexes: [
        { name: 'fan_out', columns: 'fan_out_at', condition: 'fan_out_at IS NOT NULL' },
        {
          name: 'idempotency',
          columns: 'idempotency_hash',
          unique: true,
          condition: 'idempotency_hash IS NOT NULL',
        },
        { name: 'tenant', columns: 'tenant, id' },
      ],
    },
    {
      name: 'delivery',
      columns: [`id ${key}`, `event_id ${reference}`, `subscription_id ${reference}`, tenant, `topic ${topic}`]
        .concat([`state ${short(16)} NOT NULL`, `attempt_count ${required}`])
        // Null unless pending, so that the index of what is due holds nothing else.
        .concat([`next_attempt_at ${integer}`, `created_at ${required}`, `finished_at ${integer}`])
        // The status of the last answer, or the kind of failure.
        .concat([`last_result ${short(32)}`])
        // What a pending delivery goes in order with; null for all others, so that its index holds hardly anything.
        .concat([`sequence ${short(100)}`, 'UNIQUE (event_id, subscription_id)']),
      indexes: [
        { name: 'due', columns: 'subscription_id, next_attempt_at, id', condition: 'next_attempt_at IS NOT NULL' },
        { name: 'subscription', columns: 'subscription_id, id' },
        { name: 'tenant', columns: 'tenant, id' },
        { name: 'sequence', columns: 'sequence, event_id', condition: 'sequence IS NOT NULL' },
        // What people look for first, and so little of it that it costs nothing where indexes can be partial.
        { name: 'failed', columns: 'id', condition: FAILED, onlyPartial: true },
        { name: 'subscription_failed', columns: 'subscription_id, id', condition: FAILED, onlyPartial: true },
        { name: 'tenant_failed', columns: 'tenant, id', condition: FAILED, onlyPartial: true },
      ],
    },
    {
      name: 'attempt',
      columns: [`delivery_id ${reference}`, `id ${reference}`, `number ${integer}`, `started_at ${required}`]
        .concat([`duration_ms ${required}`, `succeeded ${required}`, `status ${integer}`, `failure ${short(32)}`])
        .concat([`detail ${text}`, `response_body ${text}`, 'PRIMARY KEY (delivery_id, id)']),
      indexes: [],
    },
    {
      name: 'replay',
      columns: [`id ${key}`, `subscription_id ${reference}`, tenant, `from_at ${required}`, `to_at ${required}`]
        .concat([`topics ${text}`, `choice ${short(16)} NOT NULL`, `state ${short(16)} NOT NULL`])
        // The last event it looked at, and the first that it does not look at any more.
        .concat([`reached ${reference}`, `until_id ${reference}`, `examined ${required}`, `scheduled ${required}`])
        .concat([`unavailable ${required} DEFAULT 0`])
        // Whose events it looks at, null is everybody's; and since when it has been waiting for its subscription.
        .concat([`events_of ${short(255)}`, `waiting_since ${integer}`, `canceled_reason ${short(255)}`])
        .concat([`node ${short(64)}`, `created_at ${required}`, `finished_at ${integer}`]),
      indexes: [
        // What retention asks of every event.
        { name: 'state', columns: 'state, events_of' },
        { name: 'subscription', columns: 'subscription_id, id' },
        { name: 'tenant', columns: 'tenant, id' },
      ],
    },
    {
      name: 'retention',
      // When somebody was last at it, and what the last turn that came to its end has taken away, as JSON.
      columns: [
        `id ${key}`,
        `taken_at ${required}`,
        `started_at ${integer}`,
        `finished_at ${integer}`,
        `counts ${text}`,
      ],
      indexes: [],
    },
    {
      name: 'statistics',
      columns: [`hour ${required}`, `subscription_id ${reference}`]
        .concat(SUM_COLUMNS.map((name) => `${name} ${required}`))
        .concat(['PRIMARY KEY (hour, subscription_id)']),
      indexes: [{ name: 'subscription', columns: 'subscription_id, hour' }],
    },
    { name: 'node', columns: [`id ${key}`, `lease_until ${required}`], indexes: [] },
    {
      name: 'lane',
      // `calling`: 0 quiet, 1 the table holds something for it, 2 its subscription has changed, or what it is owed.
      columns: [`subscription_id ${key}`, `owner ${short(64)}`, `calling ${required}`],
      indexes: [
        { name: 'owner', columns: 'owner, calling' },
        { name: 'calling', columns: 'calling, owner', condition: 'calling > 0' },
      ],
    },
  ];
}
