import { Injectable } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { Lifecycle } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock } from '../shared/clock';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import type { Lane } from './lane';
import { Turns } from './turns';

/** Lanes wait for each other, so that taking over thousands of them leaves connections for everything else. */
const MOST_AT_ONCE = 8;
const RETRY_MS = 1_000;

/** Reads what the table holds for lanes, a few at a time. */
@Injectable()
export class Refills {
  private readonly waiting: { lane: Lane; done: () => void }[] = [];
  private running = 0;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly known: KnownSubscriptions,
    private readonly turns: Turns,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
  ) {}

  /** Refills a lane, and calls `done` when that has succeeded or failed. */
  request(lane: Lane, done: () => void): void {
    lane.beginRefill();
    this.waiting.push({ lane, done });
    if (this.running < MOST_AT_ONCE) void this.activity.track(() => this.work());
  }

  private async work(): Promise<void> {
    this.running += 1;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const end = next.lane.lost ? undefined : await this.read(next.lane);
      // At once, so that nobody sees what is in memory before it is counted.
      end?.();
      next.done();
    }
    this.running -= 1;
  }

  /** Answers how the refill ends. */
  private async read(lane: Lane): Promise<() => void> {
    try {
      const now = this.clock.now();
      const subscription = await this.known.get(lane.subscriptionId);
      lane.prefer(subscription?.preferences ?? {}, this.clock);
      await this.turns.begin(lane);
      const held = await this.repository.laneContent(lane.subscriptionId, now, lane.refillSize);
      const content = await this.turns.sift(lane, held);
      const wait = content.nextDueAt === null ? null : content.nextDueAt - now;
      return () => lane.endRefill(content, wait === null ? null : this.clock.monotonic() + wait);
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `reading lane ${lane.subscriptionId}`, error });
      return () => lane.failRefill(this.clock.monotonic() + RETRY_MS);
    }
  }
}
