import { EncryptionKey } from './encryption/encryption-key';
import type { FailureTolerance } from './deliveries/delivery-profile';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import type { Observer } from './observability/observer';
import type { SubscriptionLimits } from './subscriptions/subscription-limits';
import { axiosTransport } from './transport/axios.transport';
import type { TransportFactory } from './transport/transport';
import { headingFrom, type DocumentHeading } from './documents/asyncapi';
import { PAYLOAD_VALIDATIONS, type PayloadValidation } from './topics/topic';
import { USUAL_DAYS, type RetentionLimits } from './retention/retention-limits';
import { assertKnown, factory, oneOf, publicUrl, unexpected, whole } from './webhooks.checks';
import type {
  LimitOptions,
  NetworkOptions,
  RetentionOptions,
  RetryOptions,
  SuspensionOptions,
  WebhooksOptions,
} from './webhooks.options';
import type { SchemaOption } from './storage/migrate';

/** The options checked and with the defaults filled in. */
export interface WebhooksSettings {
  readonly retry: RetryOptions;
  readonly retryAfterCeilingMs: number;
  readonly suspension: FailureTolerance;
  readonly holdMs: number;
  /** Without a slash at its end; empty where the host does not say. */
  readonly publicUrl: string;
  readonly replayPerSecond: number;
  readonly network: NetworkOptions;
  readonly limits: SubscriptionLimits;
  readonly transport: TransportFactory;
  readonly attemptTimeoutMs: number;
  readonly validate: PayloadValidation;
  readonly asyncapi: DocumentHeading;
  readonly payloadLimitBytes: number;
  readonly responseLimitBytes: number;
  readonly slots: number;
  readonly laneCap: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly sweepAfterMs: number;
  readonly shutdownTimeoutMs: number;
  readonly poolSize: number;
  readonly schema: SchemaOption;
  readonly observers: readonly Observer[];
  readonly eventEmitter: boolean;
  readonly operationalEvents: boolean;
  readonly retention: RetentionLimits | null;
  readonly encryptionKeys: readonly EncryptionKey[];
  /** Gives numbers from 0 up to but not including 1. */
  readonly random: () => number;
}

/** The DI token of {@link WebhooksSettings}. */
export const WEBHOOKS_SETTINGS = Symbol('WebhooksSettings');

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const MOST_DAYS = 36_500;

const KNOWN: readonly (keyof WebhooksOptions)[] = [
  'retry',
  'network',
  'suspension',
  'holdMs',
  'publicUrl',
  'replayPerSecond',
  'limits',
  'transport',
  'attemptTimeoutMs',
  'validate',
  'asyncapi',
  'payloadLimitBytes',
  'responseLimitBytes',
  'slots',
  'laneCap',
  'leaseMs',
  'pollMs',
  'sweepAfterMs',
  'shutdownTimeoutMs',
  'retention',
  'poolSize',
  'schema',
  'observers',
  'eventEmitter',
  'operationalEvents',
  'encryptionKeys',
];

/**
 * Checks the options and fills in the defaults.
 * @throws WebhooksConfigurationError that says what was expected and what was given
 */
export function settingsFrom(options: WebhooksOptions): WebhooksSettings {
  assertKnown(options, KNOWN);
  assertKnown(options.retry ?? {}, ['schedule', 'jitter', 'retryAfterCeilingMs'], 'retry.');
  assertKnown(options.network ?? {}, ['allow', 'ports', 'proxy'], 'network.');
  return {
    retry: options.retry ?? {},
    retryAfterCeilingMs: whole(
      'retry.retryAfterCeilingMs',
      options.retry?.retryAfterCeilingMs ?? 86_400_000,
      0,
      YEAR_MS,
    ),
    network: options.network ?? {},
    suspension: toleranceFrom(options.suspension ?? {}),
    holdMs: whole('holdMs', options.holdMs ?? 604_800_000, 0, YEAR_MS),
    publicUrl: publicUrl('publicUrl', options.publicUrl),
    replayPerSecond: whole('replayPerSecond', options.replayPerSecond ?? 500, 1, 100_000),
    limits: limitsFrom(options.limits ?? {}),
    transport: factory('transport', options.transport ?? axiosTransport()),
    attemptTimeoutMs: whole('attemptTimeoutMs', options.attemptTimeoutMs ?? 15_000, 1, 3_600_000),
    validate: oneOf('validate', options.validate ?? 'off', PAYLOAD_VALIDATIONS),
    asyncapi: headingFrom(options.asyncapi ?? {}),
    payloadLimitBytes: whole('payloadLimitBytes', options.payloadLimitBytes ?? 262_144, 2, 16_777_216),
    responseLimitBytes: whole('responseLimitBytes', options.responseLimitBytes ?? 16_384, 0, 1_048_576),
    slots: whole('slots', options.slots ?? 256, 1, 10_000),
    laneCap: whole('laneCap', options.laneCap ?? 32, 1, 10_000),
    leaseMs: whole('leaseMs', options.leaseMs ?? 10_000, 1_000, YEAR_MS),
    pollMs: whole('pollMs', options.pollMs ?? 250, 10, YEAR_MS),
    sweepAfterMs: whole('sweepAfterMs', options.sweepAfterMs ?? 5_000, 0, YEAR_MS),
    shutdownTimeoutMs: whole('shutdownTimeoutMs', options.shutdownTimeoutMs ?? 10_000, 0, 3_600_000),
    retention: options.retention === false ? null : retentionFrom(options.retention ?? {}),
    poolSize: whole('poolSize', options.poolSize ?? 4, 2, 100),
    schema: oneOf('schema', options.schema ?? 'migrate', ['migrate', 'verify']),
    observers: observersOf(options.observers ?? []),
    eventEmitter: oneOf('eventEmitter', options.eventEmitter ?? true, [true, false]),
    operationalEvents: oneOf('operationalEvents', options.operationalEvents ?? false, [true, false]),
    encryptionKeys: keys(options.encryptionKeys ?? []),
    random: Math.random,
  };
}

function toleranceFrom({ forMs = 432_000_000, failures = null, ...unknown }: SuspensionOptions): FailureTolerance {
  assertKnown(unknown, ['forMs', 'failures'], 'suspension.');
  return {
    forMs: forMs === null ? null : whole('suspension.forMs', forMs, 1, YEAR_MS),
    failures: failures === null ? null : whole('suspension.failures', failures, 0, 1_000_000),
  };
}

function limitsFrom(limits: LimitOptions): SubscriptionLimits {
  const { subscriptionsPerTenant = 1_000, topicsPerSubscription = 100 } = limits;
  assertKnown(limits, ['subscriptionsPerTenant', 'topicsPerSubscription'], 'limits.');
  return {
    subscriptionsPerTenant: whole('limits.subscriptionsPerTenant', subscriptionsPerTenant, 0, 1_000_000_000),
    topicsPerSubscription: whole('limits.topicsPerSubscription', topicsPerSubscription, 1, 100),
  };
}

function retentionFrom(options: RetentionOptions): RetentionLimits {
  if (typeof options !== 'object') throw unexpected('retention', 'an object of days, or false', options);
  const known = ['deliveredDays', 'failedDays', 'eventDays', 'payloadDays', 'answerDays', 'statisticsDays'];
  assertKnown(options, known, 'retention.');
  const daysMs = (name: keyof RetentionOptions, least: number, fallback?: number) =>
    whole(`retention.${name}`, options[name] ?? fallback!, least, MOST_DAYS) * DAY_MS;
  const bodyMs = (name: 'payloadDays' | 'answerDays') => (options[name] === undefined ? null : daysMs(name, 0));
  return {
    deliveredMs: daysMs('deliveredDays', 1, USUAL_DAYS.delivered),
    failedMs: daysMs('failedDays', 1, USUAL_DAYS.failed),
    eventMs: daysMs('eventDays', 1, USUAL_DAYS.event),
    payloadMs: bodyMs('payloadDays'),
    answerMs: bodyMs('answerDays'),
    statisticsMs: daysMs('statisticsDays', 1, USUAL_DAYS.statistics),
  };
}

function observersOf(observers: readonly Observer[]): readonly Observer[] {
  assertObservers(observers);
  const tracing = observers.filter((each) => each.tracing !== undefined).length;
  if (tracing > 1) throw unexpected('observers', 'at most one that follows traces', `${tracing} of them`);
  return observers;
}

function assertObservers(given: unknown): void {
  const isObserver = (each: unknown) => typeof each === 'object' && each !== null;
  if (Array.isArray(given) && given.every(isObserver)) return;
  throw unexpected('observers', 'a list such as [prometheus(), openTelemetry()]', given);
}

/** Says of a key nothing but what is wrong with it. */
function keys(given: unknown): EncryptionKey[] {
  if (Array.isArray(given)) return given.map((each, index) => EncryptionKey.parse(each, `encryptionKeys[${index}]`));
  throw new WebhooksConfigurationError(
    `Expected encryptionKeys to be a list of keys, got a value of type ${typeof given}.`,
  );
}
