import { Injectable } from '@nestjs/common';
import { RecentEvents } from '../events/recent-events';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { Courier, type Consignment } from './courier';
import type { DueDelivery } from './delivery';

/** A due delivery and all that it takes to its endpoint. */
export interface LoadedDelivery extends Consignment {
  readonly due: DueDelivery;
}

/** Loads what due deliveries take to their endpoints. */
@Injectable()
export class Loader {
  constructor(
    private readonly events: RecentEvents,
    private readonly known: KnownSubscriptions,
    private readonly courier: Courier,
  ) {}

  /** Nothing where there is nothing left to take, or nobody to take it to. */
  async load(due: DueDelivery): Promise<LoadedDelivery | undefined> {
    const [event, subscription] = await Promise.all([this.events.get(due.eventId), this.known.get(due.subscriptionId)]);
    const consignment = this.courier.consignment(event, subscription);
    return consignment && { due, ...consignment };
  }
}
