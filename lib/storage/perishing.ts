import type { Cutoffs, Perishable } from '../retention/retention-limits';
import type { Statement } from '../shared/statement';
import type { Database } from './database';

/**
 * The condition on a row that it may go, or lose its body. Whatever else is true of it, it never holds for a pending
 * delivery, for an event that one is pending of or that is not fanned out, and for what a running replay has yet to
 * look at: of the events, those of its own tenant.
 */
export function perishing(kind: Perishable, database: Database, cutoffs: Cutoffs): Statement {
  return CONDITIONS[kind](database, cutoffs);
}

type Condition = (database: Database, cutoffs: Cutoffs) => Statement;

const CONDITIONS: Readonly<Record<Perishable, Condition>> = {
  deliveries: (database, { delivered, failed }) => ({
    sql:
      `next_attempt_at IS NULL AND ((state IN ('delivered', 'canceled') AND finished_at <= ?) ` +
      `OR (state = 'failed' AND finished_at <= ?)) AND ${unreplayed(database, 'delivery', 'subscription_id')}`,
    params: [delivered, failed],
  }),
  events: (database, { events }) => ({
    sql: `${settled(database)} AND NOT EXISTS (SELECT 1 FROM ${deliveriesOfEvent(database)})`,
    params: [events],
  }),
  replays: (_, { replays }) => ({ sql: `state <> 'running' AND finished_at <= ?`, params: [replays] }),
  answers: (database, { answers }) => {
    const ours = `a.delivery_id = ${database.table('delivery')}.id AND a.response_body IS NOT NULL`;
    return {
      sql: `state <> 'pending' AND finished_at <= ? AND EXISTS (SELECT 1 FROM ${database.table('attempt')} a WHERE ${ours})`,
      params: [answers],
    };
  },
  payloads: (database, { payloads }) => ({
    sql:
      `payload <> '' AND ${settled(database)} ` +
      `AND NOT EXISTS (SELECT 1 FROM ${deliveriesOfEvent(database)} AND d.state = 'pending')`,
    params: [payloads],
  }),
};

/** The event is old enough, fanned out, and no running replay that may send it has yet to look at it. */
function settled(database: Database): string {
  return (
    `fan_out_at IS NULL AND created_at <= ? ` +
    `AND ${unreplayed(database, 'event', 'tenant')} AND ${unreplayed(database, 'event', null)}`
  );
}

const EVENT_ID = { delivery: 'event_id', event: 'id' } as const;
const REPLAYED = { subscription_id: 'subscription_id', tenant: 'events_of' } as const;

/** @param of what the row and the replay have in common; null of replays that look at everybody's */
function unreplayed(database: Database, table: keyof typeof EVENT_ID, of: keyof typeof REPLAYED | null): string {
  const row = database.table(table);
  const eventId = `${row}.${EVENT_ID[table]}`;
  const same = of === null ? 'r.events_of IS NULL' : `r.${REPLAYED[of]} = ${row}.${of}`;
  const yetToLook = `r.state = 'running' AND ${same} AND ${eventId} > r.reached AND ${eventId} < r.until_id`;
  return `NOT EXISTS (SELECT 1 FROM ${database.table('replay')} r WHERE ${yetToLook})`;
}

function deliveriesOfEvent(database: Database): string {
  return `${database.table('delivery')} d WHERE d.event_id = ${database.table('event')}.id`;
}
