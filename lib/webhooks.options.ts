import type { CanActivate, ControllerOptions, ModuleMetadata, Type } from '@nestjs/common';
import type { Contract } from './contracts/contract';
import type { TenantOption } from './contracts/scopes';
import type { DocumentHeading } from './documents/asyncapi';
import type { Observer } from './observability/observer';
import type { RetrySchedule } from './retry/retry-schedule';
import type { Duration } from './shared/duration';
import type { SchemaOption } from './storage/migrate';
import type { PayloadValidation } from './topics/topic';
import type { AddressPolicyOptions } from './transport/address-policy';
import type { TransportFactory } from './transport/transport';

export type { TenantOption };

/** What the shape of the module depends on, and so has to be known before anything can be injected. */
export interface WebhooksStructure {
  /**
   * The webhook APIs that are served, side by side; each has its own subscriptions.
   * @default [standard()]
   */
  contracts?: readonly Contract[];
  /**
   * The guards of all routes, in order; a contract can have its own instead.
   * @default none, which is refused unless `allowUnauthenticated` is true
   */
  guards?: (Type<CanActivate> | CanActivate)[];
  /** Modules that the guards need. @default [] */
  imports?: ModuleMetadata['imports'];
  /** Lets anybody who reaches the host manage its subscriptions. @default false */
  allowUnauthenticated?: boolean;
  /** Where the standard contract is mounted, below the host's global prefix. @default 'webhooks' */
  path?: string;
  /** The version of all routes, where the host uses versioning. @default VERSION_NEUTRAL */
  version?: ControllerOptions['version'];
  /**
   * Whose objects a request may see: a tenant's id, or null for the operator, who sees everybody's. Anything else,
   * such as undefined, is refused.
   * @default the host has no tenants: every request is the operator's
   */
  tenant?: TenantOption;
  /** The name of the host's TypeORM data source. @default 'default' */
  dataSource?: string;
  /** What the names of all tables begin with. @default 'webhooks_' */
  tablePrefix?: string;
}

/** When failed deliveries are tried again. */
export interface RetryOptions {
  /**
   * The waits between attempts, as a list (empty: one attempt only) or a `RetrySchedule`, which brings its own jitter.
   * @default ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'] (Standard Webhooks)
   */
  schedule?: readonly Duration[] | RetrySchedule;
  /** By which share a wait is made longer or shorter at random, 0 to 1. @default 0.2 */
  jitter?: number;
  /** The longest wait that a receiver may ask for with `Retry-After`; 0 ignores it. @default 86_400_000 (24 hours) */
  retryAfterCeilingMs?: number;
}

/** How long endpoints may go on failing before their subscription is suspended; contracts may say otherwise. */
export interface SuspensionOptions {
  /** How long every attempt may fail; null is for ever. @default 432_000_000 (5 days) */
  forMs?: number | null;
  /** How many attempts in a row may fail; null is any number. @default null */
  failures?: number | null;
}

/** Where deliveries may go, and by which way. */
export type NetworkOptions = AddressPolicyOptions;

/** How much of everything tenants may have. */
export interface LimitOptions {
  /**
   * How many subscriptions one tenant may have, of all contracts together; one more is refused with 409. Platform-wide
   * ones, which only the operator makes, are not counted.
   * @default 1_000
   */
  subscriptionsPerTenant?: number;
  /** How many topics one subscription may ask for, 1 to 100; those that a contract documents by name are not counted. @default 100 */
  topicsPerSubscription?: number;
}

/** How long what is over is kept. Nothing that is pending is ever taken away, nor the event it is for. */
export interface RetentionOptions {
  /** Deliveries that were delivered or canceled, with their attempts: days from then on, at least 1. @default 30 */
  deliveredDays?: number;
  /** Deliveries that have failed for good, with their attempts: days from then on, at least 1. @default 90 */
  failedDays?: number;
  /**
   * Events that no delivery is left of: days since they were published, at least 1. Their idempotency keys go with them.
   * @default 30
   */
  eventDays?: number;
  /**
   * The payloads of events, once nothing is pending of them: days since they were published. Without its payload, an
   * event cannot be sent again.
   * @default as long as the event
   */
  payloadDays?: number;
  /** What receivers answered: days from when the delivery was over. @default as long as the delivery */
  answerDays?: number;
  /** The sums that statistics are made of: days, at least 1. @default 90 */
  statisticsDays?: number;
}

/** How the engine works; all have good defaults. */
export interface WebhooksOptions {
  /** When failed deliveries are tried again. */
  retry?: RetryOptions;
  /** Where deliveries may go, and by which way. */
  network?: NetworkOptions;
  /** How much of everything tenants may have. */
  limits?: LimitOptions;
  /**
   * What makes the HTTP requests: `axiosTransport({ … })`, `undiciTransport({ … })` from `nestjs-webhooks/undici`, or a
   * function that makes a transport of the host's own.
   * @default axiosTransport()
   */
  transport?: TransportFactory;
  /** When endpoints that fail are turned off. */
  suspension?: SuspensionOptions;
  /**
   * How long events are held for a subscription that is disabled or suspended. When it is on again, it gets those that it
   * missed in so long, and none that are older. 0 holds none. A replay that waits for it so long is canceled.
   * @default 604_800_000 (7 days)
   */
  holdMs?: number;
  /**
   * Where subscribers reach this host, its global prefix and version included, such as `https://api.example.com/v1`: what
   * links in deliveries and the `source` of CloudEvents begin with.
   * @default none: they are paths
   */
  publicUrl?: string;
  /**
   * How many deliveries one replay makes due in a second, at the most. What is held for a subscription comes as a replay
   * too. Higher is sooner, and live events of other subscriptions feel it.
   * @default 500
   */
  replayPerSecond?: number;
  /** How long one attempt may take, from connecting to the last byte of the answer. @default 15_000 */
  attemptTimeoutMs?: number;
  /**
   * Whether payloads are checked against what their topic says before they are published; `'warn'` logs what is wrong,
   * `'error'` throws an `InvalidPayloadError`. Topics and publishers can say otherwise.
   * @default 'off'
   */
  validate?: PayloadValidation;
  /** How the AsyncAPI document of all topics is headed. @default { title: 'Webhooks', version: '1.0.0' } */
  asyncapi?: DocumentHeading;
  /** The longest JSON text of a payload, in bytes. @default 262_144 (256 KiB) */
  payloadLimitBytes?: number;
  /** How much of an answer's body is kept, in bytes. @default 16_384 (16 KiB) */
  responseLimitBytes?: number;
  /** How many attempts this process may have under way at once. @default 256 */
  slots?: number;
  /** How many attempts to one subscription may be under way at once. @default 32 */
  laneCap?: number;
  /** How long a process that no longer answers keeps its lanes. At least 1,000. @default 10_000 */
  leaseMs?: number;
  /** How often a process looks for work from others, while there are others. @default 250 */
  pollMs?: number;
  /** How old an event is when any process may take it from a publisher that has not fanned it out. @default 5_000 */
  sweepAfterMs?: number;
  /** How long a shutdown waits for attempts under way. @default 10_000 */
  shutdownTimeoutMs?: number;
  /** How long what is over is kept; `false` keeps everything for ever. @default 30 days, what has failed 90 */
  retention?: RetentionOptions | false;
  /** How many database connections the engine opens for itself, at least 2 (SQLite has one). @default 4 */
  poolSize?: number;
  /** Whether boot brings the tables up to date or only makes sure that they are. @default 'migrate' */
  schema?: SchemaOption;
  /**
   * What watches the engine: `openTelemetry()` from `nestjs-webhooks/opentelemetry`, `prometheus()` from
   * `nestjs-webhooks/prometheus`, or the host's own.
   * @default [], which measures nothing and loads nothing
   */
  observers?: readonly Observer[];
  /**
   * What secrets are encrypted with in the database: the base64 of 32 random bytes each, as `openssl rand -base64 32`
   * makes them. The first encrypts, all decrypt. Empty, secrets are stored in clear, and every boot says so.
   * @default []
   */
  encryptionKeys?: readonly string[];
  /** Whether topics that the host emits through `@nestjs/event-emitter` are published. @default true */
  eventEmitter?: boolean;
  /**
   * Whether `webhooks.subscription.suspended`, `.failing`, `.resumed` and `webhooks.delivery.exhausted` are topics: what
   * happens to a tenant's subscriptions and deliveries is then published to the tenant, also to those who want `*`.
   * @default false
   */
  operationalEvents?: boolean;
}
