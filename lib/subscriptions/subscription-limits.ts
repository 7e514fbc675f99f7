/** How much of everything there may be. */
export abstract class SubscriptionLimits {
  /** How many subscriptions one tenant may have, of all contracts together. Platform-wide ones are not counted. */
  abstract readonly subscriptionsPerTenant: number;
  /** How many topics one subscription may ask for, besides those that its contract documents by name. */
  abstract readonly topicsPerSubscription: number;
}
