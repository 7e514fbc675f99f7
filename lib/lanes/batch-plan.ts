import { batchSize } from '../deliveries/batch-limits';
import type { DueDelivery } from '../deliveries/delivery';
import type { Clock } from '../shared/clock';
import { USUAL_WAIT_MS, type Batching } from '../subscriptions/batching';
import type { DueBuffer } from './due-buffer';

/** When a lane sends its next batch, and what is in it. */
export class BatchPlan {
  /** Until when the first in the buffer waits for others, by the monotonic clock; undefined while nobody has asked. */
  private firstWaitsUntil: number | undefined;

  constructor(
    readonly wanted: Batching,
    private readonly clock: Clock,
  ) {}

  /** From when on a batch can be taken from a buffer that is not empty. */
  readyAt(buffer: DueBuffer): number {
    const first = buffer.first!;
    // What has failed before has waited enough.
    if (buffer.size >= this.wanted.maxEvents || first.attemptCount > 0) return 0;
    return (this.firstWaitsUntil ??= this.waitOf(first));
  }

  /** Takes a batch out: the first, and those after it that have failed as often. */
  take(buffer: DueBuffer): DueDelivery[] {
    this.firstWaitsUntil = undefined;
    return buffer.shiftAlike(batchSize(this.wanted, buffer.first!.attemptCount));
  }

  /** It has waited since it was due; or from now on, where the clock that says so is ahead. */
  private waitOf({ dueAt }: DueDelivery): number {
    const waitedMs = Math.max(0, this.clock.now() - dueAt);
    return this.clock.monotonic() + (this.wanted.maxWaitMs ?? USUAL_WAIT_MS) - waitedMs;
  }
}

/** The plan for these batches: the one there is, where they are still wanted the same. */
export function planFor(wanted: Batching | undefined, plan: BatchPlan | undefined, clock: Clock) {
  if (!wanted) return undefined;
  const isSame = plan?.wanted.maxEvents === wanted.maxEvents && plan.wanted.maxWaitMs === wanted.maxWaitMs;
  return isSame ? plan : new BatchPlan(wanted, clock);
}
