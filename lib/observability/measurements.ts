import type { LifecycleEvent } from '../deliveries/lifecycle';
import {
  ATTEMPT_DURATION,
  ATTEMPTS,
  BACKLOG_AGE,
  ENGINE_FAILURES,
  FAILING_STREAKS,
  FIRST_ATTEMPT_LAG,
  IN_FLIGHT,
  LANES_OWNED,
  LEASE_LOSSES,
  PENDING,
  PUBLISHED,
  RESUMPTIONS,
  SUSPENDED,
  SUSPENSIONS,
  type ExtraLabel,
  type Instrument,
} from './instruments';
import type { ObservedEngine } from './observer';

/** What is added to one instrument. */
export interface Measurement {
  readonly instrument: Instrument;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

type AttemptType = 'delivery.delivered' | 'delivery.retrying' | 'delivery.exhausted';
type AttemptEvent = Extract<LifecycleEvent, { readonly type: AttemptType }>;

/** What is counted and no more. */
const COUNTS: Partial<Record<LifecycleEvent['type'], Instrument>> = {
  'subscription.suspended': SUSPENSIONS,
  'subscription.failing': FAILING_STREAKS,
  'subscription.resumed': RESUMPTIONS,
  'lease.lost': LEASE_LOSSES,
  'engine.failed': ENGINE_FAILURES,
};

/** What there is to measure of something that happened. */
export function measurementsOf(event: LifecycleEvent, extra: readonly ExtraLabel[] = []): Measurement[] {
  if (event.type === 'event.published') return [once(PUBLISHED, { topic: event.topic })];
  if (isAttempt(event)) return attempted(event, extra);
  const counter = COUNTS[event.type];
  return counter ? [once(counter)] : [];
}

function isAttempt(event: LifecycleEvent): event is AttemptEvent {
  return ['delivery.delivered', 'delivery.retrying', 'delivery.exhausted'].includes(event.type);
}

/** What the gauges show now; those that are not known are left out. */
export async function gaugesOf(engine: ObservedEngine): Promise<Map<Instrument, number>> {
  const own = [
    [IN_FLIGHT, engine.attemptsInFlight],
    [LANES_OWNED, engine.lanesOwned],
  ] as const;
  // That it failed is told where it did.
  const backlog = await engine.backlog().catch(() => undefined);
  if (!backlog) return new Map(own);
  return new Map([
    ...own,
    [PENDING, backlog.pending],
    [BACKLOG_AGE, backlog.ageMs / 1_000],
    [SUSPENDED, backlog.suspended],
  ]);
}

function attempted({ type, delivery, attempt }: AttemptEvent, extra: readonly ExtraLabel[]): Measurement[] {
  const outcome = type.slice('delivery.'.length);
  const status = attempt.status === null ? String(attempt.failure) : `${Math.floor(attempt.status / 100)}xx`;
  const { topic, tenant, contract, subscriptionId: subscription } = delivery;
  const known = { tenant: tenant ?? '', contract, subscription };
  const more = Object.fromEntries(extra.map((label) => [label, known[label]]));
  const duration = { instrument: ATTEMPT_DURATION, value: attempt.durationMs / 1_000, labels: { outcome } };
  const lagMs = Math.max(0, attempt.startedAt - delivery.publishedAt);
  const lag = { instrument: FIRST_ATTEMPT_LAG, value: lagMs / 1_000, labels: {} };
  return [once(ATTEMPTS, { topic, outcome, status, ...more }), duration, ...(attempt.number === 1 ? [lag] : [])];
}

function once(instrument: Instrument, labels: Measurement['labels'] = {}): Measurement {
  return { instrument, value: 1, labels };
}
