import fc from 'fast-check';
import { DELIVERY_STATES, type DeliveryState } from 'nestjs-webhooks';
import type { RetentionLimits } from '../../lib/retention/retention-limits';
import { earliestIdentifier } from '../../lib/shared/identifier';
import type { Database, RowColumn, Value } from '../../lib/storage/database';

export const DAY_MS = 86_400_000;

export interface OldDelivery {
  readonly id: string;
  readonly subscription: number;
  readonly state: DeliveryState;
  /** How long ago it was over; as long ago as its event at most. */
  readonly overMs: number;
  readonly attempts: number;
}

export interface OldEvent {
  readonly id: string;
  readonly ageMs: number;
  readonly fannedOut: boolean;
  readonly tenant: string | null;
  readonly deliveries: readonly OldDelivery[];
}

export interface OldReplay {
  readonly id: string;
  readonly subscription: number;
  readonly running: boolean;
  /** Whose events it looks at; null is everybody's. */
  readonly eventsOf: string | null;
  readonly ageMs: number;
  readonly reached: string;
  readonly until: string;
}

/** Events, what is owed of them, and replays, at any age and in any state. */
export interface World {
  readonly events: readonly OldEvent[];
  readonly replays: readonly OldReplay[];
}

// Half days, so that nothing is exactly as old as a limit; time goes on while a batch is taken.
const age = fc.integer({ min: 0, max: 8 }).map((days) => (days + 0.5) * DAY_MS);
const limit = fc.integer({ min: 1, max: 7 }).map((days) => days * DAY_MS);
const bodyLimit = fc.option(
  fc.integer({ min: 0, max: 7 }).map((days) => days * DAY_MS),
  { nil: null },
);

export const limits: fc.Arbitrary<RetentionLimits> = fc.record({
  ...{ deliveredMs: limit, failedMs: limit, eventMs: limit, statisticsMs: limit },
  ...{ payloadMs: bodyLimit, answerMs: bodyLimit },
});

const delivery = fc.record({
  state: fc.constantFrom(...DELIVERY_STATES),
  overMs: age,
  attempts: fc.integer({ min: 0, max: 2 }),
});

const tenant = fc.constantFrom('acme', 'globex', null);

const event = fc.record({
  ageMs: age,
  fannedOut: fc.boolean(),
  tenant,
  deliveries: fc.array(delivery, { maxLength: 3 }),
});

const replay = fc.record({
  subscription: fc.integer({ min: 0, max: 2 }),
  running: fc.boolean(),
  eventsOf: tenant,
  ...{ ageMs: age, fromMs: age, toMs: age },
});

/** @param now when everything is so old, in milliseconds since the epoch */
export function worldAt(now: number): fc.Arbitrary<World> {
  return fc
    .record({ events: fc.array(event, { maxLength: 10 }), replays: fc.array(replay, { maxLength: 2 }) })
    .map(({ events, replays }) => ({
      events: events.map((each, index) => oldEvent(each, now, index)),
      replays: replays.map((each, index) => ({
        ...each,
        id: idAt('rpl', now - each.ageMs, index),
        reached: earliestIdentifier('evt', now - each.fromMs),
        until: earliestIdentifier('evt', now - each.toMs),
      })),
    }));
}

function oldEvent(
  given: {
    ageMs: number;
    fannedOut: boolean;
    tenant: string | null;
    deliveries: { state: DeliveryState; overMs: number; attempts: number }[];
  },
  now: number,
  index: number,
): OldEvent {
  const deliveries = given.deliveries.map((each, subscription) => ({
    ...each,
    subscription,
    id: idAt('dlv', now - given.ageMs, index * 10 + subscription),
    overMs: Math.min(each.overMs, given.ageMs),
  }));
  return { ...given, id: idAt('evt', now - given.ageMs, index), deliveries };
}

/** An id that was made at a time, and no other of its number. */
export function idAt(prefix: string, atMs: number, number: number): string {
  return `${earliestIdentifier(prefix, atMs)}7${number.toString(16).padStart(19, '0')}`;
}

const TABLES = ['event', 'delivery', 'attempt', 'replay', 'retention', 'statistics'];

/** Makes the tables hold a world and nothing else. */
export async function settle(database: Database, { events, replays }: World, now: number): Promise<void> {
  for (const table of TABLES) await database.commit({ sql: `DELETE FROM ${database.table(table)}`, params: [] });
  await write(
    database,
    'event',
    events.map((each) => eventRow(each, now)),
  );
  const deliveries = events.flatMap((each) => each.deliveries.map((owed) => deliveryRow(each, owed, now)));
  await write(database, 'delivery', deliveries);
  const attempts = events.flatMap((each) => each.deliveries.flatMap((owed) => attemptRows(owed, now)));
  await write(database, 'attempt', attempts);
  await write(
    database,
    'replay',
    replays.map((each) => replayRow(each, now)),
  );
}

type Row = Readonly<Record<string, Value>>;

export async function write(database: Database, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.entries(rows[0]!).map(([name, value]): RowColumn => ({
    name,
    type: typeof value === 'number' || name.endsWith('_at') ? 'integer' : 'text',
  }));
  const values = rows.map((row) => columns.map(({ name }) => row[name]!));
  for (let first = 0; first < values.length; first += 500)
    await database.commit(database.insertNew(table, { columns, values: values.slice(first, first + 500) }));
}

function eventRow({ id, ageMs, fannedOut, tenant }: OldEvent, now: number): Row {
  const fanOut = { fan_out_at: fannedOut ? null : now + 20 * DAY_MS };
  return { id, tenant, topic: 'order.created', payload: '{"id":"A-1"}', created_at: now - ageMs, ...fanOut };
}

function deliveryRow(
  { id: event, ageMs }: OldEvent,
  { id, subscription, state, overMs, attempts }: OldDelivery,
  now: number,
): Row {
  const pending = state === 'pending';
  return {
    ...{ id, event_id: event, subscription_id: `sub_${subscription}`, topic: 'order.created', state },
    ...{ attempt_count: attempts, created_at: now - ageMs, next_attempt_at: pending ? now + DAY_MS : null },
    finished_at: pending ? null : now - overMs,
  };
}

function attemptRows({ id, attempts, overMs }: OldDelivery, now: number): Row[] {
  return Array.from({ length: attempts }, (_, index) => ({
    ...{ delivery_id: id, id: `att_${index}`, number: index + 1, started_at: now - overMs, duration_ms: 5 },
    ...{ succeeded: 0, status: 500, response_body: 'busy' },
  }));
}

function replayRow({ id, subscription, running, eventsOf, ageMs, reached, until }: OldReplay, now: number): Row {
  return {
    ...{ id, subscription_id: `sub_${subscription}`, from_at: 0, to_at: now, choice: 'all', reached, until_id: until },
    ...{ state: running ? 'running' : 'finished', examined: 0, scheduled: 0, created_at: now - ageMs },
    events_of: eventsOf,
    // Somebody's who is not there.
    finished_at: running ? null : now - ageMs,
  };
}
