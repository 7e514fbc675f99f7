import { Injectable } from '@nestjs/common';
import { Batcher } from '../shared/batcher';
import { Clock } from '../shared/clock';
import { durationInWords } from '../shared/duration';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import type { DeliveryProfile, FailureTolerance } from './delivery-profile';
import { FailureStreaks, type Failures, type FailureStreak } from './failure-streaks';
import type { Verdict } from './judge';
import { Lifecycle } from './lifecycle';

/** Another process may have had the lane meanwhile, and seen its endpoint fail. */
const WELL_FOR_MS = 60_000;
const MOST_REMEMBERED = 50_000;
/** An endpoint that fails for this long is told of, before it is suspended. */
const FAILING_AFTER_MS = 3_600_000;

interface Failure {
  readonly subscription: Subscription;
  readonly number: number;
}

/**
 * Counts how long endpoints fail, and turns their subscriptions off when it is too long, or when they ask for it. An
 * endpoint that is well costs nothing, and one that fails a part of one statement for all that fail at the moment.
 */
@Injectable()
export class EndpointHealth {
  private readonly failures = new Batcher<Failure, FailureStreak>((failures) => this.count(failures));
  private readonly recoveries = new Batcher<string, void>((ids) => this.forget(ids));
  /** Until when an endpoint counts as well without another look, by the monotonic clock. */
  private readonly well = new Map<string, number>();
  private readonly toldOf = new Set<string>();
  /** How many failures were counted so far, so that one which is counted again is known. */
  private counted = 0;

  constructor(
    private readonly streaks: FailureStreaks,
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  /** Never rejects: the attempt is recorded already, and must not be made again over this. */
  async learn(subscription: Subscription, { tolerance }: DeliveryProfile, { state, suspend }: Verdict): Promise<void> {
    try {
      if (state === 'delivered') await this.recover(subscription.id);
      const reason = suspend ?? (state === 'delivered' ? null : await this.reasonInFailures(subscription, tolerance));
      if (reason !== null) await this.suspend(subscription, reason);
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `judging the health of ${subscription.id}`, error });
    }
  }

  private async recover(id: string): Promise<void> {
    const now = this.clock.monotonic();
    if ((this.well.get(id) ?? -Infinity) > now) return;
    if (this.well.size >= MOST_REMEMBERED) this.well.clear();
    // Before it is written, so that a failure that is counted after that is seen to make it wrong.
    this.well.set(id, now + WELL_FOR_MS);
    try {
      await this.recoveries.add(id);
    } catch (error) {
      this.well.delete(id);
      throw error;
    }
    this.toldOf.delete(id);
  }

  private async reasonInFailures(subscription: Subscription, tolerance: FailureTolerance): Promise<string | null> {
    this.well.delete(subscription.id);
    const { failures, since } = await this.failures.add({ subscription, number: ++this.counted });
    // What has succeeded meanwhile may have been written before this was.
    this.well.delete(subscription.id);
    const forMs = this.clock.now() - since;
    if (tolerance.failures !== null && failures > tolerance.failures) return `${failures} failures in a row`;
    if (tolerance.forMs !== null && forMs >= tolerance.forMs) return `failing for ${durationInWords(forMs)}`;
    if (forMs >= FAILING_AFTER_MS) this.tellOf(subscription, { failures, since });
    return null;
  }

  private tellOf({ id, tenant }: Subscription, { failures, since }: FailureStreak): void {
    if (this.toldOf.has(id)) return;
    this.toldOf.add(id);
    this.lifecycle.emit({ type: 'subscription.failing', subscriptionId: id, tenant, failures, since });
  }

  private async suspend(subscription: Subscription, reason: string): Promise<void> {
    if (!(await this.subscriptions.suspend(subscription, reason))) return;
    const { id: subscriptionId, tenant } = subscription;
    this.lifecycle.emit({ type: 'subscription.suspended', subscriptionId, tenant, reason });
  }

  private async count(failures: Failure[]): Promise<FailureStreak[]> {
    const now = this.clock.now();
    const streaks = await this.streaks.add(together(failures), now);
    // A subscription that is gone has none, and nobody asks any more.
    return failures.map(({ subscription }) => streaks.get(subscription.id) ?? { failures: 0, since: now });
  }

  private async forget(ids: string[]): Promise<void[]> {
    await this.streaks.end([...new Set(ids)]);
    return ids.map(() => undefined);
  }
}

/** One entry for each state that a subscription was tried in. */
function together(failures: readonly Failure[]): Failures[] {
  const sums = new Map<string, Failures>();
  for (const { subscription, number } of failures) {
    const { id: subscriptionId, updatedAt } = subscription;
    const key = `${subscriptionId} ${updatedAt}`;
    const count = (sums.get(key)?.count ?? 0) + 1;
    sums.set(key, { subscriptionId, updatedAt, count, last: number });
  }
  return [...sums.values()];
}
