import type { DueDelivery } from '../deliveries/delivery';
import type { Clock } from '../shared/clock';
import type { Preferences } from '../subscriptions/preferences';
import { planFor, type BatchPlan } from './batch-plan';
import type { DueBuffer } from './due-buffer';
import { bucketFor, type TokenBucket } from './token-bucket';

/** What its subscription asks of a lane: how often it sends, and how much together. */
export class Wishes {
  /** What every request takes a token of; undefined where their rate has no limit. */
  bucket: TokenBucket | undefined = undefined;
  /** Undefined where every delivery is a request. */
  batches: BatchPlan | undefined = undefined;

  follow({ rate, batch }: Preferences, clock: Clock): void {
    this.bucket = bucketFor(rate && { burst: 1, ...rate }, this.bucket, clock.monotonic());
    this.batches = planFor(batch, this.batches, clock);
  }

  /** How many deliveries make a request that has to wait for no more. */
  get fullSize(): number {
    return this.batches?.wanted.maxEvents ?? 1;
  }

  /** From when on the next request may be made from a buffer that is not empty, as far as it is for the subscription to say. */
  readyAt(buffer: DueBuffer): number {
    return Math.max(this.bucket?.availableAt ?? 0, this.batches?.readyAt(buffer) ?? 0);
  }

  /** Takes out what the next request carries. */
  take(buffer: DueBuffer): DueDelivery[] {
    return this.batches ? this.batches.take(buffer) : [buffer.shift()];
  }
}
