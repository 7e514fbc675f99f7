import type { Replay, ReplayChoice, ReplayState } from '../replays/replay';
import type { RowColumn, Value } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

export interface ReplayRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly tenant: string | null;
  readonly from_at: DatabaseInteger;
  readonly to_at: DatabaseInteger;
  readonly topics: string | null;
  readonly choice: ReplayChoice;
  readonly state: ReplayState;
  readonly reached: string;
  readonly until_id: string;
  readonly examined: DatabaseInteger;
  readonly scheduled: DatabaseInteger;
  readonly created_at: DatabaseInteger;
  readonly finished_at: DatabaseInteger | null;
}

const text = (name: string): RowColumn => ({ name, type: 'text' });
const number = (name: string): RowColumn => ({ name, type: 'integer' });

export const REPLAY_COLUMNS: readonly RowColumn[] = [
  ...['id', 'subscription_id', 'tenant', 'topics', 'choice', 'state', 'reached', 'until_id'].map(text),
  ...['from_at', 'to_at', 'examined', 'scheduled', 'created_at', 'finished_at'].map(number),
];

export function replayValues(replay: Replay): Value[] {
  const { id, subscriptionId, tenant, topics, only, state, reached, until } = replay;
  const { from, to, examined, scheduled, createdAt, finishedAt } = replay;
  const texts = [id, subscriptionId, tenant, topics && JSON.stringify(topics), only, state, reached, until];
  return [...texts, from, to, examined, scheduled, createdAt, finishedAt];
}

export function replayOf(row: ReplayRow): Replay {
  return {
    id: row.id,
    subscriptionId: row.subscription_id,
    tenant: row.tenant,
    from: integer(row.from_at),
    to: integer(row.to_at),
    topics: row.topics === null ? null : (JSON.parse(row.topics) as string[]),
    only: row.choice,
    state: row.state,
    reached: row.reached,
    until: row.until_id,
    examined: integer(row.examined),
    scheduled: integer(row.scheduled),
    createdAt: integer(row.created_at),
    finishedAt: integerOrNull(row.finished_at),
  };
}
