import { Injectable } from '@nestjs/common';
import type { WebhookEvent } from '../events/event';
import type { Attempt } from './attempt';
import type { Delivery, DueDelivery } from './delivery';

/** A delivery with what says what it is about and whose it is; without payload, URL or secret. */
export interface AttemptedDelivery extends DueDelivery {
  readonly topic: string;
  /** When its event was published, in milliseconds since the epoch. */
  readonly publishedAt: number;
  /** Whose subscription it is; null is platform-wide. */
  readonly tenant: string | null;
  /** The contract of its subscription. */
  readonly contract: string;
}

/** Something that happened in the engine: said once, here, for whoever logs, measures or reacts. */
export type LifecycleEvent =
  /** An event is committed and all that it owes is stored. */
  | {
      readonly type: 'event.published';
      readonly eventId: string;
      readonly topic: string;
      readonly tenant: string | null;
    }
  | { readonly type: 'delivery.delivered'; readonly delivery: AttemptedDelivery; readonly attempt: Attempt }
  | {
      readonly type: 'delivery.retrying';
      readonly delivery: AttemptedDelivery;
      readonly attempt: Attempt;
      readonly nextAttemptAt: number;
    }
  | { readonly type: 'delivery.exhausted'; readonly delivery: AttemptedDelivery; readonly attempt: Attempt }
  | { readonly type: 'delivery.canceled'; readonly delivery: DueDelivery }
  | { readonly type: 'delivery.resent'; readonly delivery: Delivery; readonly attempt: Attempt }
  | {
      readonly type: 'subscription.suspended';
      readonly subscriptionId: string;
      readonly tenant: string | null;
      readonly reason: string;
    }
  | {
      /** Every attempt has failed for an hour. */
      readonly type: 'subscription.failing';
      readonly subscriptionId: string;
      readonly tenant: string | null;
      readonly failures: number;
      readonly since: number;
    }
  | { readonly type: 'subscription.resumed'; readonly subscriptionId: string; readonly tenant: string | null }
  /** Secrets are stored in clear, because there is no key to encrypt them with. */
  | { readonly type: 'secrets.clear' }
  /** A delivery could not be signed, because this process cannot read the secret. */
  | { readonly type: 'secret.unreadable'; readonly subscriptionId: string; readonly reason: string }
  /** A payload is published although it is not as its schema says, because `validate` is `'warn'`; without its values. */
  | {
      readonly type: 'payload.invalid';
      readonly eventId: string;
      readonly topic: string;
      readonly tenant: string | null;
      readonly flaws: readonly { readonly path: string; readonly rule: string }[];
    }
  | { readonly type: 'change.unattributable'; readonly entity: string; readonly change: string }
  | {
      readonly type: 'retention.pruned';
      /** Rows that went, or bodies that did. */
      readonly round: 'rows' | 'bodies';
      /** How many, by what they were. */
      readonly counts: object;
      readonly tookMs: number;
    }
  | { readonly type: 'lease.lost'; readonly nodeId: string }
  | { readonly type: 'engine.failed'; readonly doing: string; readonly error: unknown };

/** What is said of an event: not its payload. */
export function published({ id, topic, tenant }: Pick<WebhookEvent, 'id' | 'topic' | 'tenant'>): LifecycleEvent {
  return { type: 'event.published', eventId: id, topic, tenant };
}

type Listener = (event: LifecycleEvent) => void;

/** Passes lifecycle events on. A listener that throws stops nobody. */
@Injectable()
export class Lifecycle {
  private readonly listeners = new Set<Listener>();

  /** Calls `listener` with every event from now on; answers how to stop that. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: LifecycleEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        if (event.type !== 'engine.failed') this.emit({ type: 'engine.failed', doing: 'telling a listener', error });
      }
    }
  }
}
