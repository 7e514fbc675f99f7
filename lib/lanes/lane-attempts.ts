import { Injectable } from '@nestjs/common';
import { BatchDeliverer, type BatchProgress } from '../deliveries/batch-deliverer';
import { Deliverer, type Permit, type Progress } from '../deliveries/deliverer';
import type { DueDelivery } from '../deliveries/delivery';
import { askedWaitMs } from '../deliveries/judge';
import { Lifecycle } from '../deliveries/lifecycle';
import { Clock } from '../shared/clock';
import type { Lane } from './lane';
import { paceAfter } from './pace';

export abstract class LaneAttemptsOptions {
  /** How many attempts one lane may have under way at the most. */
  abstract readonly laneCap: number;
  /** The longest wait that a receiver may ask for with `Retry-After`. */
  abstract readonly retryAfterCeilingMs: number;
}

/** What its node says of an attempt. */
export interface Undertaking {
  /** Whether the delivery is still the node's to make, asked at the last moment. */
  readonly mayStill: () => boolean;
  /** Called when the request is about to be made. */
  readonly begun: () => void;
}

/** Tells the lane what came of an attempt. */
export type Lesson = () => void;

const RETRY_MS = 1_000;

/** Has what a lane gave out delivered, and says what the lane is to learn from it. */
@Injectable()
export class LaneAttempts {
  constructor(
    private readonly deliverer: Deliverer,
    private readonly batches: BatchDeliverer,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly options: LaneAttemptsOptions,
  ) {}

  /** Never rejects. */
  async make(lane: Lane, deliveries: readonly DueDelivery[], { mayStill, begun }: Undertaking): Promise<Lesson> {
    const { calls } = lane;
    const token = lane.wishes.bucket?.take();
    const permit: Permit = {
      mayStill,
      begin: () => {
        token?.use(this.clock.monotonic());
        begun();
      },
    };
    const startedAt = this.clock.monotonic();
    try {
      const { progress, isLeft } = await this.deliver(lane, deliveries, permit);
      return () => {
        this.teach(lane, progress, { startedAt, calls });
        // Not to one that holds, which a call would wake.
        if (isLeft && progress.kind !== 'held') lane.call();
      };
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `delivering ${deliveries[0]!.id}`, error });
      return () => lane.callAt(this.clock.monotonic() + RETRY_MS);
    } finally {
      token?.giveBack();
    }
  }

  private async deliver(lane: Lane, deliveries: readonly DueDelivery[], permit: Permit): Promise<BatchProgress> {
    if (lane.wishes.batches) return this.batches.deliver(deliveries, permit);
    return { progress: await this.deliverer.deliver(deliveries[0]!, permit), isLeft: false };
  }

  private teach(lane: Lane, progress: Progress, { startedAt, calls }: { startedAt: number; calls: number }): void {
    if (progress.kind === 'canceled' || progress.kind === 'abandoned') return;
    if (progress.kind === 'withheld') return lane.call();
    // Called meanwhile: what made it hold may be over, so it has to look again instead.
    if (progress.kind === 'held') return lane.calls === calls ? lane.hold() : lane.call();
    const { answer } = progress;
    const now = this.clock.monotonic();
    const asked = askedWaitMs(answer, this.clock.now());
    const wait = asked === undefined ? undefined : Math.min(asked, this.options.retryAfterCeilingMs);
    const next = progress.nextAttemptAt;
    const nextAttemptAt = next === null ? null : now + next - this.clock.now();
    const cap = this.options.laneCap;
    lane.pace = paceAfter(lane.pace, { answer, startedAt, now, askedWaitMs: wait, nextAttemptAt, cap });
    if (nextAttemptAt !== null) lane.callAt(nextAttemptAt);
  }
}
