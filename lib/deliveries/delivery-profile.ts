import type { WebhookEvent } from '../events/event';
import type { RetrySchedule } from '../retry/retry-schedule';
import type { SignatureScheme } from '../signing/signature-scheme';
import type { Subscription } from '../subscriptions/subscription';
import type { Handshake } from './handshake';

/** A request before it is signed. */
export interface Composition {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text that is signed and sent; undefined where the request has no body. */
  readonly body?: string;
}

/** Several events on their way as one request. */
export interface EventBatch {
  /** `bat_` and 32 hex digits; travels as `webhook-id`. Each request has one of its own. */
  readonly id: string;
  /** When it was put together, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** At least one. */
  readonly events: readonly WebhookEvent[];
}

/** What is more turns a subscription off; null is any number. */
export interface FailureTolerance {
  /** How many attempts in a row may fail. */
  readonly failures: number | null;
  /** For how long all attempts may fail. */
  readonly forMs: number | null;
}

/** How one contract's deliveries look and behave: the seam that a contract fills. */
export abstract class DeliveryProfile {
  /** The waits between attempts, and so how many there are. */
  abstract readonly schedule: RetrySchedule;
  /** How long one attempt may take, from connecting to the last byte of the answer. */
  abstract readonly timeoutMs: number;
  /** How long an endpoint may go on failing before its subscription is turned off. */
  abstract readonly tolerance: FailureTolerance;
  /** Whether an answer may ask for no more deliveries, or for no more attempts at this one. */
  abstract readonly obeysReceivers: boolean;
  /** What an endpoint has to answer before it gets anything; null where nothing is asked of it. */
  abstract readonly handshake: Handshake | null;
  /** Whether several events can go out as one request. */
  abstract readonly batches: boolean;
  /** How requests for a subscription are signed. */
  abstract signatureFor(subscription: Pick<Subscription, 'settings'>): SignatureScheme;
  /** The request that carries an event to a subscription. Pure: every attempt composes the same one. */
  abstract compose(event: WebhookEvent, subscription: Subscription): Composition;
  /** The request that carries several events to a subscription. */
  abstract composeBatch(batch: EventBatch, subscription: Subscription): Composition;
  /** Whether an answer of this status means that the event was taken. */
  abstract succeeds(status: number): boolean;
  /** Why an answer of this status turns the subscription off, or null when it does not. */
  abstract suspends(status: number): string | null;
}

/** The profiles of all contracts, by the contract's name. */
export type DeliveryProfiles = ReadonlyMap<string, DeliveryProfile>;
/** The DI token of {@link DeliveryProfiles}. */
export const DELIVERY_PROFILES = Symbol('DeliveryProfiles');
