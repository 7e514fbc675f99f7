import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import type { Page } from '../shared/page';
import { isTenant, TENANT_DESCRIPTION } from '../shared/tenant';
import { TopicCatalogue } from '../topics/catalogue';
import { AddressPolicy } from '../transport/address-policy';
import type { DependentChange, NewSubscription, Scope, SubscriptionChange } from './new-subscription';
import type { Subscription } from './subscription';
import { SubscriptionChanges } from './subscription-changes';
import {
  InvalidSubscriptionError,
  SubscriptionContendedError,
  SubscriptionNotFoundError,
  type FieldObjection,
} from './subscription-errors';
import { SUBSCRIPTION_TERMS, type SubscriptionTerms, type TermsByContract } from './subscription-terms';
import {
  SubscriptionsRepository,
  type StoredBasis,
  type StoredChange,
  type SubscriptionQuery,
} from './subscriptions.repository';

/** Of several changes at once one is always written, so this is how many others it takes to put one off. */
const MOST_TRIES = 20;

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
  ) {}

  /**
   * Makes a subscription. Its secret is in the answer.
   * @throws InvalidSubscriptionError, InvalidSecretError
   */
  async create(wanted: NewSubscription): Promise<Subscription> {
    const contract = wanted.contract ?? 'standard';
    const terms = this.termsOf(contract);
    this.assertValid(wanted, terms);
    const now = this.clock.now();
    const subscription = await this.subscriptions.insert({
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
    });
    this.changes.announce(subscription.id);
    return subscription;
  }

  /** A subscription by its id or its number. @throws SubscriptionNotFoundError */
  async get(key: string | number, scope: Scope = {}): Promise<Subscription> {
    const subscription = await this.find(key, scope);
    if (subscription) return subscription;
    throw notFound(key);
  }

  /** The same, and undefined where there is none. */
  async find(key: string | number, scope: Scope = {}): Promise<Subscription | undefined> {
    const isNumber = typeof key === 'number';
    const found = isNumber ? await this.subscriptions.byNumber(key) : (await this.subscriptions.byIds([key]))[0];
    return found && isWithin(found, scope) ? found : undefined;
  }

  /** Subscriptions, newest first. */
  list(query: SubscriptionQuery = {}): Promise<Page<Subscription>> {
    return this.subscriptions.list(query);
  }

  /**
   * Changes what the change names. A function makes it from what the subscription is now; it is called again when the
   * topics or the settings were changed by somebody else meanwhile, so that neither change is lost.
   * @throws SubscriptionNotFoundError, InvalidSubscriptionError, InvalidSecretError, SubscriptionContendedError
   */
  async update(
    key: string | number,
    change: SubscriptionChange | DependentChange,
    scope: Scope = {},
  ): Promise<Subscription> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const current = await this.get(key, scope);
      const isDependent = typeof change === 'function';
      const stored = this.storedChange(isDependent ? change(current) : change, this.termsOf(current.contract));
      if (await this.write(current.id, stored, isDependent ? current : undefined)) return this.get(current.id);
    }
    throw new SubscriptionContendedError('The subscription is being changed by others all the time. Try again.');
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
    if (current.suspendedAt === null) return current;
    if (!(await this.write(current.id, { suspendedAt: null, suspendedReason: null }))) throw notFound(key);
    return this.get(current.id);
  }

  /** Turns a subscription off on the system's own account, unless its URL is another by now; answers whether it did. */
  async suspend({ id, url }: Pick<Subscription, 'id' | 'url'>, reason: string): Promise<boolean> {
    const suspended = await this.subscriptions.suspend(id, url, reason, this.clock.now());
    if (suspended) this.changes.announce(id);
    return suspended;
  }

  private storedChange(change: SubscriptionChange, terms: SubscriptionTerms): Omit<StoredChange, 'updatedAt'> {
    this.assertValid(change, terms);
    const { topics, secret, suspendedReason, ...rest } = change;
    return {
      ...rest,
      topics: topics && [...new Set(topics)],
      secrets: secret === undefined ? undefined : [secret],
      ...(suspendedReason !== undefined && { suspendedAt: this.clock.now(), suspendedReason }),
    };
  }

  /** Answers whether it is there, and still has the basis of the change. */
  private async write(id: string, change: Omit<StoredChange, 'updatedAt'>, basis?: StoredBasis): Promise<boolean> {
    const written = await this.subscriptions.update(id, { ...change, updatedAt: this.clock.now() }, basis);
    if (written) this.changes.announce(id);
    return written;
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
