import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import type { Page } from '../shared/page';
import { isTenant, TENANT_DESCRIPTION } from '../shared/tenant';
import { TopicCatalogue } from '../topics/catalogue';
import { AddressPolicy } from '../transport/address-policy';
import type { NewSubscription, Scope, SubscriptionChange } from './new-subscription';
import type { Subscription } from './subscription';
import { SubscriptionChanges } from './subscription-changes';
import {
  InvalidSubscriptionError,
  SubscriptionNotFoundError,
  TooManySubscriptionsError,
  type FieldObjection,
} from './subscription-errors';
import { SubscriptionLimits } from './subscription-limits';
import { SUBSCRIPTION_TERMS, type SubscriptionTerms, type TermsByContract } from './subscription-terms';
import { SubscriptionsRepository, type StoredChange, type SubscriptionQuery } from './subscriptions.repository';

/** Makes, reads, changes and removes subscriptions. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly catalogue: TopicCatalogue,
    private readonly addresses: AddressPolicy,
    private readonly changes: SubscriptionChanges,
    private readonly clock: Clock,
    @Inject(SUBSCRIPTION_TERMS) private readonly terms: TermsByContract,
    private readonly limits: SubscriptionLimits,
  ) {}

  /**
   * Makes a subscription. Its secret is in the answer.
   * @throws InvalidSubscriptionError, InvalidSecretError, TooManySubscriptionsError
   */
  async create(wanted: NewSubscription): Promise<Subscription> {
    const contract = wanted.contract ?? 'standard';
    const terms = this.termsOf(contract);
    this.assertValid(wanted, terms);
    const now = this.clock.now();
    const made = {
      id: identifier('sub', now),
      contract,
      tenant: wanted.tenant ?? null,
      acrossTenants: wanted.acrossTenants ?? false,
      url: wanted.url,
      topics: [...new Set(wanted.topics)],
      description: wanted.description ?? null,
      metadata: wanted.metadata ?? {},
      enabled: wanted.enabled ?? true,
      suspendedAt: wanted.suspendedReason === undefined ? null : now,
      suspendedReason: wanted.suspendedReason ?? null,
      secrets: [wanted.secret ?? terms.generateSecret()],
      settings: wanted.settings ?? {},
      createdAt: now,
      updatedAt: now,
    };
    const { subscriptionsPerTenant: most } = this.limits;
    const subscription = await this.subscriptions.insert(made, most);
    if (!subscription) throw new TooManySubscriptionsError(most);
    this.changes.announce(subscription.id);
    return subscription;
  }

  /** A subscription by its id or its number. @throws SubscriptionNotFoundError */
  async get(key: string | number, scope: Scope = {}): Promise<Subscription> {
    const subscription = await this.find(key, scope);
    if (subscription) return subscription;
    throw notFound(key);
  }

  /** A subscription by its id or its number; undefined where there is none within the scope. */
  async find(key: string | number, scope: Scope = {}): Promise<Subscription | undefined> {
    const subscription =
      typeof key === 'number' ? await this.subscriptions.byNumber(key) : (await this.subscriptions.byIds([key]))[0];
    return subscription && isWithin(subscription, scope) ? subscription : undefined;
  }

  /** Subscriptions, newest first. */
  list(query: SubscriptionQuery = {}): Promise<Page<Subscription>> {
    return this.subscriptions.list(query);
  }

  /** @throws SubscriptionNotFoundError, InvalidSubscriptionError, InvalidSecretError */
  async update(key: string | number, change: SubscriptionChange, scope: Scope = {}): Promise<Subscription> {
    const { id, contract } = await this.get(key, scope);
    this.assertValid(change, this.termsOf(contract));
    const { topics, secret, suspendedReason, ...rest } = change;
    return this.save(id, {
      ...rest,
      topics: topics && [...new Set(topics)],
      secrets: secret === undefined ? undefined : [secret],
      ...(suspendedReason !== undefined && { suspendedAt: this.clock.now(), suspendedReason }),
    });
  }

  /** Removes a subscription; what was still pending for it is not sent. @throws SubscriptionNotFoundError */
  async remove(key: string | number, scope: Scope = {}): Promise<void> {
    const { id } = await this.get(key, scope);
    await this.subscriptions.remove(id);
    this.changes.announce(id);
  }

  /**
   * Turns a suspended subscription on again; what it was owed is sent. One that is not suspended stays as it is.
   * @throws SubscriptionNotFoundError
   */
  async resume(key: string | number, scope: Scope = {}): Promise<Subscription> {
    const current = await this.get(key, scope);
    return current.suspendedAt === null ? current : this.save(current.id, { suspendedAt: null, suspendedReason: null });
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

  private termsOf(contract: string): SubscriptionTerms {
    const terms = this.terms.get(contract);
    if (terms) return terms;
    const message = `no contract "${contract}" is served, only ${[...this.terms.keys()].join(', ')}`;
    throw new InvalidSubscriptionError([{ field: 'contract', message }]);
  }

  private assertValid({ url, topics, tenant, secret }: Partial<NewSubscription>, terms: SubscriptionTerms): void {
    const objections = [
      ...this.objectionsToUrl(url),
      ...this.objectionsToTopics(topics, terms),
      ...objectionsToTenant(tenant),
    ];
    if (objections.length > 0) throw new InvalidSubscriptionError(objections);
    if (secret !== undefined) terms.assertSecret(secret);
  }

  private objectionsToUrl(url: string | undefined): FieldObjection[] {
    const refusal = url === undefined ? undefined : this.addresses.judgeUrl(url);
    if (!refusal) return [];
    return [{ field: 'url', message: refusal.detail, rule: refusal.reason === 'address' ? 'address' : 'url' }];
  }

  private objectionsToTopics(topics: readonly string[] | undefined, terms: SubscriptionTerms): FieldObjection[] {
    if (topics === undefined) return [];
    if (topics.length === 0) return [{ field: 'topics', message: 'at least one topic is needed; "*" is all of them' }];
    const { topicsPerSubscription: most } = this.limits;
    if (new Set(topics.filter((topic) => !terms.topics.has(topic))).size > most) {
      return [{ field: 'topics', message: `at most ${most} topics can be asked for`, rule: 'size' }];
    }
    return topics
      .map((topic) => (terms.topics.has(topic) ? undefined : this.catalogue.objectionTo(topic)))
      .filter((message) => message !== undefined)
      .map((message) => ({ field: 'topics', message, rule: 'choice' }));
  }
}

function isWithin(subscription: Subscription, { tenant, contract }: Scope): boolean {
  return [undefined, subscription.tenant].includes(tenant) && [undefined, subscription.contract].includes(contract);
}

function objectionsToTenant(tenant: string | null | undefined): FieldObjection[] {
  if (tenant === undefined || tenant === null || isTenant(tenant)) return [];
  return [{ field: 'tenant', message: `expected null or ${TENANT_DESCRIPTION}` }];
}

function notFound(key: string | number): SubscriptionNotFoundError {
  return new SubscriptionNotFoundError(`There is no subscription ${JSON.stringify(key)}.`);
}
