/** One thing that happened. Immutable. */
export interface WebhookEvent {
  /** `evt_` and 32 hex digits; travels as `webhook-id`, the same on every attempt. */
  readonly id: string;
  /** The name of its topic. */
  readonly topic: string;
  /** Whose it is; null where it is nobody's, and only platform-wide subscriptions get it. */
  readonly tenant: string | null;
  /** The id of the thing it happened to, where the topic says. */
  readonly subject: string | null;
  /**
   * What it is in order with: of events of a tenant that have the same, the next one waits for the one before where a
   * subscription asks for that. Undefined where it is in no order.
   */
  readonly orderingKey?: string;
  /**
   * The payload as JSON text, written once, so that what is signed is what is stored. Empty where retention has taken it.
   */
  readonly payload: string;
  /** When it was published, in milliseconds since the epoch. */
  readonly createdAt: number;
  /**
   * The trace that it was published in, for its attempts to go on with: `traceparent` of W3C Trace Context, and after a
   * space `tracestate` where there is one. Undefined where nobody traced it.
   */
  readonly trace?: string;
  /** Which version of its topic the payload is of. Undefined is 1. */
  readonly version?: number;
}

/** Whether there is still something to send: retention may take payloads before it takes events. */
export function hasPayload({ payload }: Pick<WebhookEvent, 'payload'>): boolean {
  return payload !== '';
}
