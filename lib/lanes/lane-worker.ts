import { Injectable } from '@nestjs/common';
import { Deliverer, type Progress } from '../deliveries/deliverer';
import type { DueDelivery } from '../deliveries/delivery';
import { askedWaitMs } from '../deliveries/judge';
import { Lifecycle } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock } from '../shared/clock';
import type { Lane } from './lane';
import { OwnedLanes } from './owned-lanes';
import { paceAfter } from './pace';
import { Refills } from './refills';
import { SleepingLanes } from './sleeping-lanes';

export abstract class LaneWorkerOptions {
  /** How many attempts may be under way at once. */
  abstract readonly slots: number;
  /** How many of them one lane may have at the most. */
  abstract readonly laneCap: number;
  /** The longest wait that a receiver may ask for with `Retry-After`. */
  abstract readonly retryAfterCeilingMs: number;
}

const MOST_BUFFERED = 20_000;
const RETRY_MS = 1_000;

/**
 * Works the lanes that this node owns: many slots, each refilled as it frees, in turn over the lanes that have due
 * work. It never waits for a batch, and asks the table only when the table knows more than it does.
 */
@Injectable()
export class LaneWorker {
  private ring: Lane[] = [];
  private readonly sleeping: SleepingLanes;
  slotsTaken = 0;
  private buffered = 0;
  private stopped = false;
  /** Says whether this node's lease still runs; no attempt starts without it. */
  mayWork: () => boolean = () => true;

  constructor(
    private readonly lanes: OwnedLanes,
    private readonly deliverer: Deliverer,
    private readonly refills: Refills,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly options: LaneWorkerOptions,
  ) {
    this.sleeping = new SleepingLanes(
      clock,
      (lane) => this.place(lane),
      () => this.fillSlots(),
    );
  }

  /** Takes lanes over, with whatever the table holds for them, and looks at those again that it has already. */
  own(subscriptionIds: Iterable<string>): void {
    for (const id of subscriptionIds) {
      const lane = this.lanes.add(id);
      if (lane) this.place(lane);
      // Who took this lane for foreign while it was being claimed has stored something for it.
      else this.call([id]);
    }
    this.fillSlots();
  }

  /** Lets all lanes but these go; what is in flight ends on its own. Answers the lanes that it has let go. */
  disownAllBut(kept: ReadonlySet<string> = new Set()): string[] {
    const dropped = this.lanes.dropAllBut(kept);
    this.ring = this.ring.filter((lane) => !lane.lost);
    this.buffered = this.lanes.buffered();
    return dropped;
  }

  /** Takes in deliveries that were just stored, of lanes that are pinned; answers the lanes that were lost meanwhile. */
  offer(deliveries: readonly DueDelivery[]): string[] {
    const lost = new Set<string>();
    for (const delivery of deliveries) {
      const lane = this.lanes.get(delivery.subscriptionId);
      if (!lane?.pinned) lost.add(delivery.subscriptionId);
      else {
        this.change(lane, () => lane.offer(delivery, this.buffered < MOST_BUFFERED));
        this.place(lane);
      }
    }
    this.fillSlots();
    return [...lost];
  }

  /** Looks at lanes again: the table holds something new for them. */
  call(subscriptionIds: Iterable<string>): void {
    this.each(subscriptionIds, (lane) => lane.call());
  }

  /** Begins anew with lanes whose subscription has changed. */
  callAnew(subscriptionIds: Iterable<string>): void {
    this.each(subscriptionIds, (lane) => lane.callAnew());
  }

  /** Starts nothing any more. */
  stop(): void {
    this.stopped = true;
    this.sleeping.clear();
  }

  /** Goes on where it stood, after the lease was renewed or a stop was called off. */
  resume(): void {
    this.sleeping.wake();
  }

  private each(subscriptionIds: Iterable<string>, action: (lane: Lane) => void): void {
    for (const id of subscriptionIds) {
      const lane = this.lanes.get(id);
      if (!lane) continue;
      this.change(lane, () => action(lane));
      this.place(lane);
    }
    this.fillSlots();
  }

  private fillSlots(): void {
    while (this.slotsTaken < this.options.slots && !this.stopped && this.mayWork()) {
      const lane = this.ring.shift();
      if (!lane) return;
      lane.enlisted = false;
      if (!lane.lost && lane.canStart(this.clock.monotonic())) this.start(lane);
      this.place(lane);
    }
  }

  private start(lane: Lane): void {
    const delivery = this.change(lane, () => lane.take());
    this.slotsTaken += 1;
    void this.activity.track(() => this.deliver(lane, delivery));
  }

  private async deliver(lane: Lane, delivery: DueDelivery): Promise<void> {
    const calls = lane.calls;
    const startedAt = this.clock.monotonic();
    try {
      const mayStill = () => !lane.lost && this.mayWork();
      this.learn(lane, await this.deliverer.deliver(delivery, mayStill), { startedAt, calls });
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `delivering ${delivery.id}`, error });
      lane.callAt(this.clock.monotonic() + RETRY_MS);
    }
    lane.settle(delivery);
    this.slotsTaken -= 1;
    this.place(lane);
    this.fillSlots();
  }

  private learn(lane: Lane, progress: Progress, { startedAt, calls }: { startedAt: number; calls: number }): void {
    if (progress.kind === 'canceled' || progress.kind === 'abandoned') return;
    if (progress.kind === 'withheld') return this.change(lane, () => lane.call());
    if (progress.kind === 'held') {
      // Called meanwhile: what made it hold may be over, so it has to look again instead.
      return this.change(lane, () => (lane.calls === calls ? lane.hold() : lane.call()));
    }
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

  /** Puts a lane where it belongs now: into the ring, to the table, or to sleep. */
  private place(lane: Lane): void {
    if (lane.lost || lane.enlisted || this.stopped) return;
    const now = this.clock.monotonic();
    lane.watchIdleness(now);
    this.sleeping.remove(lane);
    if (lane.canStart(now)) {
      lane.enlisted = true;
      this.ring.push(lane);
    } else if (lane.wantsRefill(now)) {
      this.refills.request(lane, () => this.refilled(lane));
    } else {
      this.sleeping.add(lane);
    }
  }

  private refilled(lane: Lane): void {
    if (!lane.lost) this.buffered += lane.buffered;
    this.place(lane);
    this.fillSlots();
  }

  /** Keeps count of what all lanes hold in memory together. */
  private change<Result>(lane: Lane, action: () => Result): Result {
    const before = lane.buffered;
    const result = action();
    if (!lane.lost) this.buffered += lane.buffered - before;
    return result;
  }
}
