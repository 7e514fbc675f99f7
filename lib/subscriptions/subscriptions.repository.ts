import type { Page, PageRequest } from '../shared/page';
import type { Subscription } from './subscription';

/** Which subscriptions are wanted. `tenant` undefined means everybody's. */
export interface SubscriptionQuery extends PageRequest {
  readonly tenant?: string;
  readonly contract?: string;
}

/** What routing needs to know of a subscription. */
export interface Route {
  readonly subscriptionId: string;
  /** Whose subscription it is; its deliveries are theirs. */
  readonly tenant: string | null;
}

/** What of a subscription may change. */
export type StoredChange = Partial<
  Pick<Subscription, 'url' | 'topics' | 'description' | 'metadata' | 'enabled' | 'suspendedAt' | 'suspendedReason'>
> &
  Pick<Subscription, 'updatedAt'>;

/** Where subscriptions are kept. */
export abstract class SubscriptionsRepository {
  abstract insert(subscription: Omit<Subscription, 'number'>): Promise<Subscription>;
  /** Writes what has changed and wakes its lane; answers whether it is there. */
  abstract update(id: string, change: StoredChange): Promise<boolean>;
  /** Turns it off, unless it is off already or has another URL by now; answers whether it did. */
  abstract suspend(id: string, url: string, reason: string, at: number): Promise<boolean>;
  /** Removes it; its pending deliveries are given up. */
  abstract remove(id: string): Promise<void>;
  abstract byIds(ids: readonly string[]): Promise<Subscription[]>;
  abstract list(query: SubscriptionQuery): Promise<Page<Subscription>>;
  /** The active subscriptions that want a topic of a tenant: the tenant's own and the platform-wide ones. */
  abstract routes(topic: string, tenant: string | null): Promise<Route[]>;
  /** Grows with every change to any subscription, in the transaction of the change. */
  abstract revision(): Promise<number>;
}
