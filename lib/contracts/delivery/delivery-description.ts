import type { Handshake } from '../../deliveries/handshake';
import { RetrySchedule } from '../../retry/retry-schedule';
import type { Duration } from '../../shared/duration';
import type { SignatureScheme } from '../../signing/signature-scheme';
import type { Subscription } from '../../subscriptions/subscription';
import type { ContractEvent } from './contract-event';
import type { DescribedRequest, DescribedTopic } from './described-request';

/** Several events as a contract puts them into a request. */
export interface ContractBatch {
  /** `bat_` and 32 hex digits: the `webhook-id` of the request. */
  readonly id: string;
  /** When it was put together, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** At least one. */
  readonly events: readonly ContractEvent[];
}

/** How several events go out as one `POST` to the URL of the subscription. */
export interface BatchDescription {
  /** What goes out as JSON; text goes out as it is. Each event needs its id in it, for receivers to say which failed. */
  readonly body: (batch: ContractBatch, subscription: Subscription) => unknown;
  /** @default 'application/json' */
  readonly contentType?: string | ((subscription: Subscription) => string);
  /** Headers beside those of the signature. @default none but the content type */
  readonly headers?: (batch: ContractBatch, subscription: Subscription) => Readonly<Record<string, string>>;
}

/** How the deliveries of a contract look and behave. */
export interface DeliveryDescription {
  /** @default 'POST' */
  readonly method?: string | ((event: ContractEvent) => string);
  /** @default the URL of the subscription */
  readonly url?: (event: ContractEvent, subscription: Subscription) => string;
  /** Headers beside those of the signature. @default none but the content type, where there is a body */
  readonly headers?: (event: ContractEvent, subscription: Subscription) => Readonly<Record<string, string>>;
  /** What goes out as JSON; text goes out as it is, and undefined is no body at all. */
  readonly body: (event: ContractEvent, subscription: Subscription) => unknown;
  /** @default 'application/json' */
  readonly contentType?: string | ((subscription: Subscription) => string);
  /** How several events go out as one request, for a field `batch()`. @default subscriptions cannot ask for it */
  readonly batch?: BatchDescription;
  /** How requests are signed, and what secrets look like; a function where subscriptions choose: {@link chosenBy}. */
  readonly signature: SignatureScheme | ((settings: Subscription['settings']) => SignatureScheme);
  /** @default that of the module */
  readonly timeoutMs?: number;
  /** When failed deliveries are tried again. @default the schedule of the module */
  readonly retries?: RetrySchedule;
  /** Whether a status means that the event was taken. @default any 2xx */
  readonly succeeds?: (status: number) => boolean;
  /** Why a status turns the subscription off; null when it does not. @default never */
  readonly suspends?: (status: number) => string | null;
  /** How many attempts in a row may fail before the subscription is suspended. @default null: any number */
  readonly failuresTolerated?: number | null;
  /** Whether endpoints that fail for longer than the module tolerates are suspended. @default false */
  readonly suspendsWhenFailing?: boolean;
  /** Whether `webhook-delivery: disable` and `abort-message` in an answer are followed. @default false */
  readonly obeysReceivers?: boolean;
  /** What becomes of events while a subscription is off: sent when it is on again, or not. @default 'drop' */
  readonly whileOff?: 'hold' | 'drop';
  /** What an endpoint has to answer before it gets anything. @default nothing */
  readonly handshake?: Handshake;
  /**
   * What the requests of a topic look like, for the host's OpenAPI document; null for a topic that the contract does not
   * have.
   * @default deliveries are left out of it
   */
  readonly described?: (topic: DescribedTopic) => DescribedRequest | null;
}

/**
 * The scheme that a subscription chose by a text kept under this name, such as by a field `choice(name, ['v1', 'v1a'])`.
 * @param schemes by that text; the first counts where there is none
 */
export function chosenBy(name: string, schemes: Readonly<Record<string, SignatureScheme>>) {
  const [usual] = Object.values(schemes);
  const byChoice = new Map(Object.entries(schemes));
  return (settings: Subscription['settings']): SignatureScheme => byChoice.get(String(settings[name])) ?? usual!;
}

/** Waits between attempts, exactly so long. */
export function waits(...between: Duration[]): RetrySchedule {
  return new RetrySchedule(between, { jitter: 0 });
}

/** Any status from one to another, both included. */
export function statuses(from: number, to = from): (status: number) => boolean {
  return (status) => status >= from && status <= to;
}
