import type { Page, PageRequest } from '../shared/page';
import type { Preferences } from './preferences';
import type { Subscription } from './subscription';

/** Which subscriptions are wanted. `tenant` undefined means everybody's. */
export interface SubscriptionQuery extends PageRequest {
  readonly tenant?: string;
  readonly contract?: string;
}

/** What subscriptions can be sorted by. */
export type SubscriptionOrder = 'id' | 'number' | 'url' | 'topics' | 'createdAt' | 'updatedAt';

/** Which subscriptions count. What is left out does not restrict. */
export interface SubscriptionFilter {
  readonly tenant?: string;
  readonly contract?: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

/** A part of a sorted list, as the lists of contracts want it. */
export interface SubscriptionSelection {
  readonly sort: SubscriptionOrder;
  readonly descending: boolean;
  readonly limit: number;
  /** How many to pass over. @default 0 */
  readonly offset?: number;
  /** The `id` or `number` of the one before, where that is what is sorted by. */
  readonly after?: string | number;
}

/** What routing needs to know of a subscription. */
export interface Route {
  readonly subscriptionId: string;
  /** Whose subscription it is; its deliveries are theirs. */
  readonly tenant: string | null;
  /** How its owner wants its deliveries. */
  readonly preferences: Preferences;
}

/** What of a subscription may change. */
export type StoredChange = Partial<Omit<Subscription, 'id' | 'number' | 'contract' | 'tenant' | 'createdAt'>> &
  Pick<Subscription, 'updatedAt'>;

/** Why and when a subscription is turned off. */
export interface Suspension {
  readonly reason: string;
  readonly at: number;
  /** From when on it is to get what it misses; null where that is not held. */
  readonly heldSince: number | null;
}

/** What the attempts were made from that a suspension is decided from. */
export type SuspensionBasis = Pick<Subscription, 'url' | 'updatedAt'>;

/** What a change was worked out from, and has to be still so when it is written. */
export type StoredBasis = Partial<
  Pick<Subscription, 'url' | 'suspendedReason' | 'topics' | 'settings' | 'preferences' | 'secrets' | 'credentials'>
>;

/** What a decision to turn a subscription on again was made from. */
export type ResumptionBasis = Pick<StoredBasis, 'url' | 'suspendedReason'>;

/** All of a subscription that a change can be worked out from. */
export function basisOf(subscription: Subscription): StoredBasis {
  const { url, suspendedReason, topics, settings, preferences, secrets, credentials } = subscription;
  return { url, suspendedReason, topics, settings, preferences, secrets, credentials };
}

/** Where subscriptions are kept. */
export abstract class SubscriptionsRepository {
  /** Answers undefined, and stores nothing, where the tenant has `most` already, of all contracts together. */
  abstract insert(subscription: Omit<Subscription, 'number'>, most: number): Promise<Subscription | undefined>;
  /** Writes what has changed, forgets failures and wakes its lane; answers whether it is there and still has its basis. */
  abstract update(id: string, change: StoredChange, basis?: StoredBasis): Promise<boolean>;
  /** Turns it off, unless it is off already or was changed since the basis was read; answers whether it did. */
  abstract suspend(id: string, basis: SuspensionBasis, suspension: Suspension): Promise<boolean>;
  /** Removes it; its pending deliveries are given up. */
  abstract remove(id: string): Promise<void>;
  abstract byIds(ids: readonly string[]): Promise<Subscription[]>;
  abstract byNumber(number: number): Promise<Subscription | undefined>;
  abstract list(query: SubscriptionQuery): Promise<Page<Subscription>>;
  abstract select(filter: SubscriptionFilter, selection: SubscriptionSelection): Promise<Subscription[]>;
  abstract count(filter: SubscriptionFilter): Promise<number>;
  /** The active subscriptions that want a topic of a tenant: the tenant's own and those that get everybody's. */
  abstract routes(topic: string, tenant: string | null): Promise<Route[]>;
  /** Grows with every change to any subscription, in the transaction of the change. */
  abstract revision(): Promise<number>;
}
