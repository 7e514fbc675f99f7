import type { Replay, ReplayChoice, ReplayState } from '../replays/replay';
import type { RowColumn, Value } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

export interface ReplayRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly tenant: string | null;
  readonly events_of: string | null;
  readonly from_at: DatabaseInteger;
  readonly to_at: DatabaseInteger;
  readonly topics: string | null;
  readonly choice: ReplayChoice;
  readonly state: ReplayState;
  readonly reached: string;
  readonly until_id: string;
  readonly examined: DatabaseInteger;
  readonly scheduled: DatabaseInteger;
  readonly unavailable: DatabaseInteger;
  readonly created_at: DatabaseInteger;
  readonly waiting_since: DatabaseInteger | null;
  readonly finished_at: DatabaseInteger | null;
  readonly canceled_reason: string | null;
}

const text = (name: string): RowColumn => ({ name, type: 'text' });
const number = (name: string): RowColumn => ({ name, type: 'integer' });

export const REPLAY_COLUMNS: readonly RowColumn[] = [
  ...['id', 'subscription_id', 'tenant', 'events_of', 'topics', 'choice', 'state', 'reached', 'until_id'].map(text),
  { name: 'canceled_reason', type: 'text' },
  ...['from_at', 'to_at', 'examined', 'scheduled', 'unavailable', 'created_at'].map(number),
  ...['waiting_since', 'finished_at'].map(number),
];

export function replayValues(replay: Replay): Value[] {
  const { id, subscriptionId, tenant, eventsOf, topics, only, state, reached, until, canceledReason } = replay;
  const { from, to, examined, scheduled, unavailable, createdAt, waitingSince, finishedAt } = replay;
  const patterns = topics && JSON.stringify(topics);
  const texts = [id, subscriptionId, tenant, eventsOf, patterns, only, state, reached, until, canceledReason];
  return [...texts, from, to, examined, scheduled, unavailable, createdAt, waitingSince, finishedAt];
}

export function replayOf(row: ReplayRow): Replay {
  return {
    id: row.id,
    subscriptionId: row.subscription_id,
    tenant: row.tenant,
    eventsOf: row.events_of,
    from: integer(row.from_at),
    to: integer(row.to_at),
    topics: row.topics === null ? null : (JSON.parse(row.topics) as string[]),
    only: row.choice,
    state: row.state,
    reached: row.reached,
    until: row.until_id,
    examined: integer(row.examined),
    scheduled: integer(row.scheduled),
    unavailable: integer(row.unavailable),
    createdAt: integer(row.created_at),
    waitingSince: integerOrNull(row.waiting_since),
    finishedAt: integerOrNull(row.finished_at),
    canceledReason: row.canceled_reason,
  };
}
