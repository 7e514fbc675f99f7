/** One thing that is measured, whoever exports it. */
export interface Instrument {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** As OpenTelemetry writes it; Prometheus has the same with underscores, its unit and `_total`. */
  readonly name: string;
  /** A unit of UCUM: `s`, or what is counted, in braces. */
  readonly unit: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** The upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** Labels that may be had besides, at the price of as many time series as there are of these. */
export const EXTRA_LABELS = ['tenant', 'contract', 'subscription'] as const;
export type ExtraLabel = (typeof EXTRA_LABELS)[number];

type Described = [name: string, unit: string, help: string, labels?: readonly string[]];

const counter = (...[name, unit, help, labels = []]: Described): Instrument =>
  ({ kind: 'counter', name, unit, help, labels }) as const;
const gauge = (...[name, unit, help]: Described): Instrument =>
  ({ kind: 'gauge', name, unit, help, labels: [] }) as const;

/** From what is usual for HTTP in OpenTelemetry up to the longest attempts. */
const ATTEMPT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 30];
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

export const PUBLISHED = counter(
  'webhooks.events.published',
  '{event}',
  'Events that are committed, with all that they owe.',
  ['topic'],
);
export const ATTEMPTS = counter(
  'webhooks.attempts',
  '{attempt}',
  'Attempts by what became of the delivery (delivered, retrying, exhausted) and by the class of the status or the kind of failure.',
  ['topic', 'outcome', 'status'],
);
export const ATTEMPT_DURATION: Instrument = {
  kind: 'histogram',
  name: 'webhooks.attempt.duration',
  unit: 's',
  help: 'How long attempts took, from resolving the name to the last byte of the answer.',
  labels: ['outcome'],
  buckets: ATTEMPT_SECONDS,
};
export const FIRST_ATTEMPT_LAG: Instrument = {
  kind: 'histogram',
  name: 'webhooks.first_attempt.lag',
  unit: 's',
  help: 'From when an event was published to its first attempt; of a replay, from when it was published first.',
  labels: [],
  buckets: LAG_SECONDS,
};
export const SUSPENSIONS = counter('webhooks.suspensions', '{suspension}', 'Subscriptions that were suspended.');
export const FAILING_STREAKS = counter(
  'webhooks.failing_streaks',
  '{streak}',
  'Times that every attempt at an endpoint had failed for an hour.',
);
export const RESUMPTIONS = counter(
  'webhooks.resumptions',
  '{resumption}',
  'Suspended subscriptions that were turned on again.',
);
export const ENGINE_FAILURES = counter(
  'webhooks.engine.failures',
  '{failure}',
  'Things that the engine could not do and does again later.',
);
export const LEASE_LOSSES = counter(
  'webhooks.lease.losses',
  '{loss}',
  'Times that this process did not renew its lease in time.',
);

export const IN_FLIGHT = gauge('webhooks.attempts.in_flight', '{attempt}', 'Attempts that this process has under way.');
export const LANES_OWNED = gauge('webhooks.lanes.owned', '{lane}', 'Lanes that this process owns.');
export const PENDING = gauge(
  'webhooks.deliveries.pending',
  '{delivery}',
  'Deliveries that are pending, in all processes; not counted further than 10,000.',
);
export const BACKLOG_AGE = gauge('webhooks.backlog.age', 's', 'How late the first of what waits is, in all processes.');
export const SUSPENDED = gauge(
  'webhooks.subscriptions.suspended',
  '{subscription}',
  'Subscriptions that are suspended.',
);

/** What is counted as it happens. */
export const COUNTED: readonly Instrument[] = [
  PUBLISHED,
  ATTEMPTS,
  ATTEMPT_DURATION,
  FIRST_ATTEMPT_LAG,
  SUSPENSIONS,
  FAILING_STREAKS,
  RESUMPTIONS,
  ENGINE_FAILURES,
  LEASE_LOSSES,
];

/** What is read when somebody looks. */
export const READ: readonly Instrument[] = [IN_FLIGHT, LANES_OWNED, PENDING, BACKLOG_AGE, SUSPENDED];
