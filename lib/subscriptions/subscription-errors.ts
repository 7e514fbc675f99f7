import { WebhooksError } from '../shared/webhooks.error';

/** One field that is wrong, and why. */
export interface FieldObjection {
  readonly field: string;
  readonly message: string;
  /** Which rule it breaks, for contracts that have words of their own for it. */
  readonly rule?: string;
  /** What was sent. */
  readonly value?: unknown;
}

/** Thrown when there is no such subscription, or it belongs to another tenant. */
export class SubscriptionNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_SUBSCRIPTION_NOT_FOUND';
  override readonly status = 404;

  /** @param key the id or the number, as it was asked for */
  constructor(key: string | number) {
    super(`There is no subscription ${JSON.stringify(key)}.`);
  }
}

/** Thrown when a tenant has as many subscriptions as it may have. */
export class TooManySubscriptionsError extends WebhooksError {
  override readonly code = 'WEBHOOKS_TOO_MANY_SUBSCRIPTIONS';
  override readonly status = 409;

  constructor(readonly most: number) {
    super(
      `There are ${most} subscriptions already, and a tenant may have no more (limits.subscriptionsPerTenant). ` +
        'Remove one that is not needed any more.',
    );
  }
}

/** Thrown when others change a subscription so often that a change of it finds no moment. */
export class SubscriptionContendedError extends WebhooksError {
  override readonly code = 'WEBHOOKS_SUBSCRIPTION_CONTENDED';
  override readonly status = 409;
}

/** Thrown when what was asked of a subscription is wrong. */
export class InvalidSubscriptionError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_SUBSCRIPTION';
  override readonly status = 422;

  constructor(readonly objections: readonly FieldObjection[]) {
    const reasons = objections.map(({ field, message }) => `${field}: ${message.replace(/\.$/, '')}`);
    super(`The subscription is not valid: ${reasons.join('; ')}.`);
  }
}
