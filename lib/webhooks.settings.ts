import { inspect } from 'node:util';
import { EncryptionKey } from './encryption/encryption-key';
import type { FailureTolerance } from './deliveries/delivery-profile';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import type { Observer } from './observability/observer';
import type { SubscriptionLimits } from './subscriptions/subscription-limits';
import { nearest } from './topics/nearest';
import { axiosTransport } from './transport/axios.transport';
import type { TransportFactory } from './transport/transport';
import type {
  LimitOptions,
  NetworkOptions,
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
  readonly network: NetworkOptions;
  readonly limits: SubscriptionLimits;
  readonly transport: TransportFactory;
  readonly attemptTimeoutMs: number;
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
  readonly encryptionKeys: readonly EncryptionKey[];
  /** Gives numbers from 0 up to but not including 1. */
  readonly random: () => number;
}

/** The DI token of {@link WebhooksSettings}. */
export const WEBHOOKS_SETTINGS = Symbol('WebhooksSettings');

const YEAR_MS = 365 * 86_400_000;

const KNOWN: readonly (keyof WebhooksOptions)[] = [
  'retry',
  'network',
  'suspension',
  'holdMs',
  'limits',
  'transport',
  'attemptTimeoutMs',
  'payloadLimitBytes',
  'responseLimitBytes',
  'slots',
  'laneCap',
  'leaseMs',
  'pollMs',
  'sweepAfterMs',
  'shutdownTimeoutMs',
  'poolSize',
  'schema',
  'observers',
  'eventEmitter',
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
    limits: limitsFrom(options.limits ?? {}),
    transport: factory('transport', options.transport ?? axiosTransport()),
    attemptTimeoutMs: whole('attemptTimeoutMs', options.attemptTimeoutMs ?? 15_000, 1, 3_600_000),
    payloadLimitBytes: whole('payloadLimitBytes', options.payloadLimitBytes ?? 262_144, 2, 16_777_216),
    responseLimitBytes: whole('responseLimitBytes', options.responseLimitBytes ?? 16_384, 0, 1_048_576),
    slots: whole('slots', options.slots ?? 256, 1, 10_000),
    laneCap: whole('laneCap', options.laneCap ?? 32, 1, 10_000),
    leaseMs: whole('leaseMs', options.leaseMs ?? 10_000, 1_000, YEAR_MS),
    pollMs: whole('pollMs', options.pollMs ?? 250, 10, YEAR_MS),
    sweepAfterMs: whole('sweepAfterMs', options.sweepAfterMs ?? 5_000, 0, YEAR_MS),
    shutdownTimeoutMs: whole('shutdownTimeoutMs', options.shutdownTimeoutMs ?? 10_000, 0, 3_600_000),
    poolSize: whole('poolSize', options.poolSize ?? 4, 2, 100),
    schema: oneOf('schema', options.schema ?? 'migrate', ['migrate', 'verify']),
    observers: observersOf(options.observers ?? []),
    eventEmitter: oneOf('eventEmitter', options.eventEmitter ?? true, [true, false]),
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

function assertKnown(options: object, known: readonly string[], within = ''): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const name = `${within}${key}`;
    const near = nearest(key, known);
    throw new WebhooksConfigurationError(
      `WebhooksModule has no option "${name}"${near === undefined ? '' : ` (did you mean "${near}"?)`}.`,
    );
  }
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw unexpected(name, `a whole number from ${least} to ${most}`, value);
}

function oneOf<Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value;
  throw unexpected(name, allowed.map((each) => inspect(each)).join(' or '), value);
}

function factory<Made>(name: string, value: Made): Made {
  if (typeof value === 'function') return value;
  throw unexpected(name, `a function such as axiosTransport() or undiciTransport() returns`, value);
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

function unexpected(name: string, expected: string, got: unknown): WebhooksConfigurationError {
  const shown = inspect(got, { maxStringLength: 40 });
  return new WebhooksConfigurationError(`Expected ${name} to be ${expected}, got ${shown}.`);
}
