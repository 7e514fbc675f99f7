import { Injectable } from '@nestjs/common';
import { Batcher } from '../shared/batcher';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import type { DeliveryProfile } from './delivery-profile';
import type { Verdict } from './judge';
import { Lifecycle } from './lifecycle';

/** Turns subscriptions off whose endpoint says so, or fails more often in a row than its contract tolerates. */
@Injectable()
export class EndpointHealth {
  private readonly recoveries = new Batcher<string, void>((ids) => this.forget(ids));

  constructor(
    private readonly repository: SubscriptionsRepository,
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Never rejects: the attempt is recorded already, and must not be made again over this. */
  async learn(subscription: Subscription, profile: DeliveryProfile, verdict: Verdict): Promise<void> {
    const subscriptionId = subscription.id;
    try {
      const reason = verdict.suspend ?? (await this.reasonInHealth(subscription, profile, verdict));
      if (reason === null || !(await this.subscriptions.suspend(subscription, reason))) return;
      this.lifecycle.emit({ type: 'subscription.suspended', subscriptionId, reason });
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `judging the health of ${subscriptionId}`, error });
    }
  }

  /** Counted only for contracts that ask for it: for all others an attempt costs nothing more. */
  private async reasonInHealth({ id }: Subscription, { failuresTolerated }: DeliveryProfile, { state }: Verdict) {
    if (failuresTolerated === null) return null;
    if (state === 'delivered') {
      await this.recoveries.add(id);
      return null;
    }
    const failures = await this.repository.countFailure(id);
    return failures > failuresTolerated ? `${failures} failures in a row` : null;
  }

  private async forget(ids: string[]): Promise<void[]> {
    await this.repository.forgetFailures(ids);
    return ids.map(() => undefined);
  }
}
