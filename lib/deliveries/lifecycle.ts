import { Injectable } from '@nestjs/common';
import type { Attempt } from './attempt';
import type { Delivery, DueDelivery } from './delivery';

/** Something that happened in the engine: said once, here, for whoever logs, measures or reacts. */
export type LifecycleEvent =
  | { readonly type: 'delivery.delivered'; readonly delivery: DueDelivery; readonly attempt: Attempt }
  | {
      readonly type: 'delivery.retrying';
      readonly delivery: DueDelivery;
      readonly attempt: Attempt;
      readonly nextAttemptAt: number;
    }
  | { readonly type: 'delivery.exhausted'; readonly delivery: DueDelivery; readonly attempt: Attempt }
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
