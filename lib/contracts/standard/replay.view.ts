import type { Replay, ReplayChoice, ReplayState } from '../../replays/replay';
import { REPLAY_CHOICES, REPLAY_STATES } from '../../replays/replay';
import { timeOfIdentifier } from '../../shared/identifier';
import { apiProperty, apiSchema } from '../generated/openapi';
import { time, timeOrNull } from './time';

/** A replay as the standard API shows it. */
@apiSchema('WebhookReplay')
export class ReplayView {
  @apiProperty({ type: String, example: 'rpl_019abc4e5f607b3d8a1c2e4f60718293' })
  readonly id!: string;

  @apiProperty({ type: String })
  readonly subscriptionId!: string;

  @apiProperty({ type: String, nullable: true, description: 'Whose subscription it is; null is platform-wide.' })
  readonly tenant!: string | null;

  @apiProperty({ type: String, format: 'date-time' })
  readonly from!: string;

  @apiProperty({ type: String, format: 'date-time' })
  readonly to!: string;

  @apiProperty({
    type: String,
    isArray: true,
    nullable: true,
    description: 'Which topics; null for all that the subscription wants.',
  })
  readonly topics!: readonly string[] | null;

  @apiProperty({ type: String, enum: [...REPLAY_CHOICES] })
  readonly only!: ReplayChoice;

  @apiProperty({ type: String, enum: [...REPLAY_STATES] })
  readonly state!: ReplayState;

  @apiProperty({ type: String, format: 'date-time', description: 'The time of the event that it looked at last.' })
  readonly reachedAt!: string;

  @apiProperty({ type: 'integer', minimum: 0, description: 'How many events it has looked at.' })
  readonly examined!: number;

  @apiProperty({ type: 'integer', minimum: 0, description: 'How many deliveries it has made due.' })
  readonly scheduled!: number;

  @apiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many it could not make due, because retention has taken the payload of the event.',
  })
  readonly unavailable!: number;

  @apiProperty({ type: String, format: 'date-time' })
  readonly createdAt!: string;

  @apiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when it has been waiting for its subscription to be on; null while it does not.',
  })
  readonly waitingSince!: string | null;

  @apiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null while it runs.' })
  readonly finishedAt!: string | null;

  @apiProperty({
    type: String,
    nullable: true,
    description: 'Why the system has canceled it; null where it did not.',
    example: 'its subscription was off for 7 days',
  })
  readonly canceledReason!: string | null;
}

export function replayView(replay: Replay): ReplayView {
  return {
    id: replay.id,
    subscriptionId: replay.subscriptionId,
    tenant: replay.tenant,
    from: time(replay.from),
    to: time(replay.to),
    topics: replay.topics,
    only: replay.only,
    state: replay.state,
    reachedAt: time(timeOfIdentifier(replay.reached)),
    examined: replay.examined,
    scheduled: replay.scheduled,
    unavailable: replay.unavailable,
    createdAt: time(replay.createdAt),
    waitingSince: timeOrNull(replay.waitingSince),
    finishedAt: timeOrNull(replay.finishedAt),
    canceledReason: replay.canceledReason,
  };
}
