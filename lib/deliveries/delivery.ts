/**
 * Where a delivery stands: `pending` until it is `delivered`, has `failed` for good, or was `canceled` because its
 * subscription or event is gone.
 */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'canceled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event owed to one subscription. */
export interface Delivery {
  /** `dlv_` and 32 hex digits. */
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  /** Whose subscription it is; null is platform-wide. */
  readonly tenant: string | null;
  /** The topic of its event. */
  readonly topic: string;
  readonly state: DeliveryState;
  /** How many requests have been made and recorded. */
  readonly attemptCount: number;
  /**
   * When the next request is due, in milliseconds since the epoch; null when none is, and while it waits for an earlier
   * delivery of its sequence.
   */
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
  /** When it was delivered, failed or canceled; null while pending. */
  readonly finishedAt: number | null;
  /**
   * What came of the last request: the HTTP status as text, or the kind of failure where no answer came. Null where there
   * was none, or it was canceled.
   */
  readonly lastResult: string | null;
  /** The deliveries that it goes in order with, while it is pending: see {@link sequenceOf}. Null where it is in no order. */
  readonly sequence: string | null;
}

/** A delivery as its lane holds it: small, so that many fit in memory. */
export interface DueDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly attemptCount: number;
  /** When it is due, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** The deliveries that it goes in order with; null where it is in no order. */
  readonly sequence: string | null;
}
