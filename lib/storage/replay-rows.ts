import type { Replay, ReplayChoice, ReplayState } from '../replays/replay';
import type { Value } from './database';
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
  readonly unavailable: DatabaseInteger;
  readonly created_at: DatabaseInteger;
  readonly finished_at: DatabaseInteger | null;
}

export function replayColumns(replay: Replay): Record<string, Value> {
  return {
    id: replay.id,
    subscription_id: replay.subscriptionId,
    tenant: replay.tenant,
    from_at: replay.from,
    to_at: replay.to,
    topics: replay.topics && JSON.stringify(replay.topics),
    choice: replay.only,
    state: replay.state,
    reached: replay.reached,
    until_id: replay.until,
    examined: replay.examined,
    scheduled: replay.scheduled,
    unavailable: replay.unavailable,
    created_at: replay.createdAt,
    finished_at: replay.finishedAt,
  };
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
    unavailable: integer(row.unavailable),
    createdAt: integer(row.created_at),
    finishedAt: integerOrNull(row.finished_at),
  };
}
