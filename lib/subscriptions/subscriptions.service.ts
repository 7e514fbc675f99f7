import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import type { Page } from '../shared/page';
import { isTenant, TENANT_DESCRIPTION } from '../shared/tenant';
import { WebhooksError } from '../shared/webhooks.error';
import { generateSecret, secretKey } from '../signing/secret';
import { TopicCatalogue } from '../topics/catalogue';
import { AddressPolicy } from '../transport/address-policy';
import type { Subscription } from './subscription';
import { SubscriptionChanges } from './subscription-changes';
import { SubscriptionsRepository, type StoredChange, type SubscriptionQuery } from './subscriptions.repository';

/** What a new subscription is made of. */
export interface NewSubscription {
  /** Where to; http or https, and an address that the host's policy allows. */
  readonly url: string;
  /** Which topics: names, names that end in `.*`, or `*`. */
  readonly topics: readonly string[];
  /** Whose; null is nobody's: platform-wide. @default null */
  readonly tenant?: string | null;
  /** @default null */
  readonly description?: string | null;
  /** @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /** @default true */
  readonly enabled?: boolean;
  /** An existing `whsec_` secret to keep using. @default a new one */
  readonly secret?: string;
  /** @default 'standard' */
  readonly contract?: string;
}

/** What an owner may change; what is left out stays. */
export type SubscriptionChange = Partial<
  Pick<NewSubscription, 'url' | 'topics' | 'description' | 'metadata' | 'enabled'>
>;

/** Whose subscriptions an operation may touch; undefined is everybody's. */
export interface Scope {
  readonly tenant?: string;
}

/** Thrown when there is no such subscription, or it belongs to another tenant. */
export class SubscriptionNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_SUBSCRIPTION_NOT_FOUND';
  override readonly status = 404;
}

/** One field that is wrong, and why. */
export interface FieldObjection {
  readonly field: string;
  readonly message: string;
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

/** Makes, reads, changes and removes subscriptions. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly catalogue: TopicCatalogue,
    private readonly addresses: AddressPolicy,
    private readonly changes: SubscriptionChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a subscription. Its secret is in the answer.
   * @throws InvalidSubscriptionError, InvalidSecretError
   */
  async create(wanted: NewSubscription): Promise<Subscription> {
    this.assertValid(wanted);
    if (wanted.secret !== undefined) secretKey(wanted.secret);
    const now = this.clock.now();
    const subscription = await this.subscriptions.insert({
      id: identifier('sub', now),
      contract: wanted.contract ?? 'standard',
      tenant: wanted.tenant ?? null,
      url: wanted.url,
      topics: [...new Set(wanted.topics)],
      description: wanted.description ?? null,
      metadata: wanted.metadata ?? {},
      enabled: wanted.enabled ?? true,
      suspendedAt: null,
      suspendedReason: null,
      secrets: [wanted.secret ?? generateSecret()],
      createdAt: now,
      updatedAt: now,
    });
    this.changes.announce(subscription.id);
    return subscription;
  }

  /** @throws SubscriptionNotFoundError */
  async get(id: string, scope: Scope = {}): Promise<Subscription> {
    const [subscription] = await this.subscriptions.byIds([id]);
    if (subscription && (scope.tenant === undefined || scope.tenant === subscription.tenant)) return subscription;
    throw notFound(id);
  }

  /** Subscriptions, newest first. */
  list(query: SubscriptionQuery = {}): Promise<Page<Subscription>> {
    return this.subscriptions.list(query);
  }

  /** @throws SubscriptionNotFoundError, InvalidSubscriptionError */
  async update(id: string, change: SubscriptionChange, scope: Scope = {}): Promise<Subscription> {
    await this.get(id, scope);
    this.assertValid(change);
    const { url, topics, description, metadata, enabled } = change;
    const unique = topics && [...new Set(topics)];
    return this.save(id, { url, topics: unique, description, metadata, enabled });
  }

  /** Removes a subscription; what was still pending for it is not sent. @throws SubscriptionNotFoundError */
  async remove(id: string, scope: Scope = {}): Promise<void> {
    await this.get(id, scope);
    await this.subscriptions.remove(id);
    this.changes.announce(id);
  }

  /**
   * Turns a suspended subscription on again; what it was owed is sent. One that is not suspended stays as it is.
   * @throws SubscriptionNotFoundError
   */
  async resume(id: string, scope: Scope = {}): Promise<Subscription> {
    const current = await this.get(id, scope);
    return current.suspendedAt === null ? current : this.save(id, { suspendedAt: null, suspendedReason: null });
  }

  /** Turns a subscription off on the system's own account, unless its URL is another by now; answers whether it did. */
  async suspend({ id, url }: Pick<Subscription, 'id' | 'url'>, reason: string): Promise<boolean> {
    const suspended = await this.subscriptions.suspend(id, url, reason, this.clock.now());
    if (suspended) this.changes.announce(id);
    return suspended;
  }

  private async save(id: string, change: Omit<StoredChange, 'updatedAt'>): Promise<Subscription> {
    const found = await this.subscriptions.update(id, { ...change, updatedAt: this.clock.now() });
    if (!found) throw notFound(id);
    this.changes.announce(id);
    return this.get(id);
  }

  private assertValid({ url, topics, tenant }: Partial<NewSubscription>): void {
    const objections = [
      ...this.objectionsToUrl(url),
      ...this.objectionsToTopics(topics),
      ...objectionsToTenant(tenant),
    ];
    if (objections.length > 0) throw new InvalidSubscriptionError(objections);
  }

  private objectionsToUrl(url: string | undefined): FieldObjection[] {
    const message = url === undefined ? undefined : this.addresses.judgeUrl(url)?.detail;
    return message === undefined ? [] : [{ field: 'url', message }];
  }

  private objectionsToTopics(topics: readonly string[] | undefined): FieldObjection[] {
    if (topics === undefined) return [];
    if (topics.length === 0) return [{ field: 'topics', message: 'at least one topic is needed; "*" is all of them' }];
    return topics
      .map((topic) => this.catalogue.objectionTo(topic))
      .filter((message) => message !== undefined)
      .map((message) => ({ field: 'topics', message }));
  }
}

function objectionsToTenant(tenant: string | null | undefined): FieldObjection[] {
  if (tenant === undefined || tenant === null || isTenant(tenant)) return [];
  return [{ field: 'tenant', message: `expected null or ${TENANT_DESCRIPTION}` }];
}

function notFound(id: string): SubscriptionNotFoundError {
  return new SubscriptionNotFoundError(`There is no subscription ${JSON.stringify(id)}.`);
}
