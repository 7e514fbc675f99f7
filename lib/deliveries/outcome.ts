import type { Attempt } from './attempt';
import type { DeliveryState, DueDelivery } from './delivery';

/** What becomes of a delivery after an attempt, or instead of one. */
export interface Outcome {
  readonly delivery: DueDelivery;
  readonly state: DeliveryState;
  readonly attempt: Attempt | null;
  /** When the next attempt is due; null unless pending. */
  readonly nextAttemptAt: number | null;
  readonly decidedAt: number;
}
