import type { NewEvent } from '../events/events.repository';
import type { Page, PageRequest } from '../shared/page';
import type { Attempt } from './attempt';
import type { Delivery, DeliveryState, DueDelivery } from './delivery';
import type { Outcome } from './outcome';

/**
 * Which deliveries are wanted. `tenant` undefined means everybody's. No page looks at more than some thousand rows: where
 * few are of that topic, state or last result, pages may be short or empty, and end when `nextCursor` is null.
 */
export interface DeliveryQuery extends PageRequest {
  readonly tenant?: string;
  readonly subscription?: string;
  readonly event?: string;
  readonly state?: DeliveryState;
  readonly topic?: string;
  /** An HTTP status as text, or a kind of failure: see {@link Delivery.lastResult}. */
  readonly lastResult?: string;
  /** When it was made, in milliseconds since the epoch, both ends included. */
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

/** What a fan-out stores in one go. */
export interface FanOutBatch {
  readonly eventIds: readonly string[];
  readonly deliveries: readonly Delivery[];
  /** Lanes that somebody else may own, and that must be looked at. */
  readonly lanesToWake: readonly string[];
}

/** What has come of storing deliveries. */
export interface StoredDeliveries {
  /** The ids that were not there before. */
  readonly ids: ReadonlySet<string>;
  /**
   * Whether each lane to wake was called with it. One that was calling already was not; its owner may have answered that
   * call before this was to be seen, and has to be called once more.
   */
  readonly calledAll: boolean;
}

/** New events and all that they owe. */
export interface Publication extends Pick<FanOutBatch, 'deliveries' | 'lanesToWake'> {
  readonly events: readonly NewEvent[];
  /** The revision of the subscriptions that the deliveries were made from. */
  readonly revision: number;
}

/** Deliveries of one lane in the order they are due. */
export interface LaneContent {
  readonly due: readonly DueDelivery[];
  /** When the first delivery is due that is not due yet; null when there is none. */
  readonly nextDueAt: number | null;
  /** Whether the table holds more due deliveries than these. */
  readonly more: boolean;
  /** Whether it holds others that are not due before earlier ones of their sequences have ended. */
  readonly othersWait: boolean;
}

/** A delivery that is there already. */
export type OwedBefore = Pick<Delivery, 'id' | 'state'>;

/** How many attempts of one delivery are read: each may have a long answer, and anybody can send it again and again. */
export const MOST_ATTEMPTS = 100;

/** Where deliveries and their attempts are kept. */
export abstract class DeliveriesRepository {
  /**
   * Stores events with their deliveries; nothing of it where the subscriptions are at another revision by now, or where
   * the events are there already: undefined then.
   */
  abstract publish(publication: Publication): Promise<StoredDeliveries | undefined>;
  /** Stores deliveries and marks their events as fanned out. */
  abstract fanOut(batch: FanOutBatch): Promise<StoredDeliveries>;
  /** Writes attempts and what became of their deliveries. */
  abstract record(outcomes: readonly Outcome[]): Promise<void>;
  /** Writes an attempt that somebody asked for. Where it was taken, the delivery is delivered; else it stays as it is. */
  abstract recordResend(delivery: Delivery, attempt: Attempt, now: number): Promise<void>;
  /**
   * Makes a delivery due now and calls its lane, so that whichever process owns it makes the attempt. One that is over
   * begins its schedule anew; a pending one goes on with it. Answers whether it was there.
   */
  abstract makeDue(delivery: Pick<Delivery, 'id' | 'subscriptionId'>, now: number): Promise<boolean>;
  /** The first pending deliveries of a lane, read by index. */
  abstract laneContent(subscriptionId: string, now: number, limit: number): Promise<LaneContent>;
  /** How many deliveries of a subscription are pending; not counted further than `most`. */
  abstract countPending(subscriptionId: string, most: number): Promise<number>;
  /** What a subscription was owed of these events, by the event's id. */
  abstract ofEvents(subscriptionId: string, eventIds: readonly string[]): Promise<ReadonlyMap<string, OwedBefore>>;
  abstract byId(id: string): Promise<Delivery | undefined>;
  /** Its newest attempts, the first of them first: at most {@link MOST_ATTEMPTS}. */
  abstract attemptsOf(deliveryId: string): Promise<Attempt[]>;
  abstract list(query: DeliveryQuery): Promise<Page<Delivery>>;
}
