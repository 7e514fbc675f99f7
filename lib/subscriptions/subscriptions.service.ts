import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import type { Page } from '../shared/page';
import type { NewSubscription, Scope, SecretRotation, SubscriptionChange } from './new-subscription';
import { assertOverlap, assertRoom, DEFAULT_OVERLAP_SECONDS } from './secret-rotation';
import { Secrets } from './secrets';
import type { Subscription } from './subscription';
import { SubscriptionChanges } from './subscription-changes';
import { SubscriptionNotFoundError } from './subscription-errors';
import { SubscriptionRules } from './subscription-rules';
import { SubscriptionsRepository, type StoredChange, type SubscriptionQuery } from './subscriptions.repository';

const MOST_DRIFT_MS = 3_600_000;

/** Makes, reads, changes and removes subscriptions. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly rules: SubscriptionRules,
    private readonly changes: SubscriptionChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a subscription. Its secret is in the answer.
   * @throws InvalidSubscriptionError, InvalidSecretError
   */
  async create(wanted: NewSubscription): Promise<Subscription> {
    const { contract = 'standard', settings = {} } = wanted;
    this.rules.assertValid({ ...wanted, contract, settings });
    const signature = this.rules.signatureFor({ contract, settings });
    const now = this.clock.now();
    const isOff = wanted.enabled === false || wanted.suspendedReason !== undefined;
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
      secrets: Secrets.of(wanted.secret ?? signature.generateSecret()),
      settings,
      heldSince: isOff && this.rules.holds(contract) ? now : null,
      createdAt: now,
      updatedAt: now,
    });
    this.changes.announce(subscription.id);
    return subscription;
  }

  /** A subscription by its id or its number. @throws SubscriptionNotFoundError */
  async get(key: string | number, scope: Scope = {}): Promise<Subscription> {
    const subscription = await this.find(key);
    if (subscription && isWithin(subscription, scope)) return subscription;
    throw notFound(key);
  }

  /** Subscriptions, newest first. */
  list(query: SubscriptionQuery = {}): Promise<Page<Subscription>> {
    return this.subscriptions.list(query);
  }

  /** @throws SubscriptionNotFoundError, InvalidSubscriptionError, InvalidSecretError */
  async update(key: string | number, change: SubscriptionChange, scope: Scope = {}): Promise<Subscription> {
    const current = await this.get(key, scope);
    this.rules.assertValidChange(current, change);
    const { topics, secret, suspendedReason, ...rest } = change;
    return this.save(current, {
      ...rest,
      topics: topics && [...new Set(topics)],
      secrets: secret === undefined ? undefined : Secrets.of(secret),
      ...(suspendedReason !== undefined && { suspendedAt: this.clock.now(), suspendedReason }),
    });
  }

  /**
   * Gives a subscription a new secret, which is in the answer. What signed until now goes on signing beside it for a while,
   * where the format holds several signatures; elsewhere the new one takes over at once.
   * @throws SubscriptionNotFoundError, InvalidSubscriptionError, InvalidSecretError, UnreadableSecretError
   */
  async rotateSecret(
    key: string | number,
    { overlapSeconds = DEFAULT_OVERLAP_SECONDS, secret }: SecretRotation = {},
    scope: Scope = {},
  ): Promise<Subscription> {
    assertOverlap(overlapSeconds);
    for (;;) {
      const current = await this.get(key, scope);
      const signature = this.rules.signatureFor(current);
      if (secret !== undefined) signature.assertSecret(secret);
      const now = this.clock.now();
      const span = { now, endsAt: now + overlapSeconds * 1_000 };
      const secrets = current.secrets.rotated(secret ?? signature.generateSecret(), span);
      assertRoom(secrets, now);
      // Somebody else may have rotated it meanwhile: then both of the new ones are to sign.
      const change = { secrets, updatedAt: now };
      if (await this.subscriptions.update(current.id, change, current.secrets)) return this.changed(current.id);
    }
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
    const resumed = await this.save(current, { suspendedAt: null, suspendedReason: null });
    this.changes.announce(resumed.id, resumed);
    return resumed;
  }

  /** Turns a subscription off on the system's own account, unless its URL is another by now; answers whether it did. */
  async suspend(subscription: Subscription, reason: string): Promise<boolean> {
    const { id, url } = subscription;
    const suspension = { reason, at: this.clock.now(), heldSince: this.heldSince(subscription) };
    const suspended = await this.subscriptions.suspend(id, url, suspension);
    if (suspended) this.changes.announce(id);
    return suspended;
  }

  private async find(key: string | number): Promise<Subscription | undefined> {
    return typeof key === 'number' ? this.subscriptions.byNumber(key) : (await this.subscriptions.byIds([key]))[0];
  }

  private async save(current: Subscription, change: Omit<StoredChange, 'updatedAt'>): Promise<Subscription> {
    const heldSince = this.heldSince(current);
    const found = await this.subscriptions.update(current.id, { ...change, heldSince, updatedAt: this.clock.now() });
    if (!found) throw notFound(current.id);
    return this.changed(current.id);
  }

  /**
   * From when on it is to get what it misses, should it be turned off now. A little from before is looked at as well,
   * for transactions that are open and clocks that are behind, but nothing from before its last change.
   */
  private heldSince({ contract, updatedAt }: Subscription): number | null {
    return this.rules.holds(contract) ? Math.max(updatedAt, this.clock.now() - MOST_DRIFT_MS) : null;
  }

  private changed(id: string): Promise<Subscription> {
    this.changes.announce(id);
    return this.get(id);
  }
}

function isWithin(subscription: Subscription, { tenant, contract }: Scope): boolean {
  return [undefined, subscription.tenant].includes(tenant) && [undefined, subscription.contract].includes(contract);
}

function notFound(key: string | number): SubscriptionNotFoundError {
  return new SubscriptionNotFoundError(`There is no subscription ${JSON.stringify(key)}.`);
}
