import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import type { Page } from '../shared/page';
import { begun } from './begun-subscription';
import type { DependentChange, NewSubscription, Scope, SecretRotation, SubscriptionChange } from './new-subscription';
import { assertOverlap, assertRoom, DEFAULT_OVERLAP_SECONDS } from './secret-rotation';
import { Credentials } from './credentials';
import { isWithin } from './scope';
import { changed, storedChangeOf } from './stored-change';
import type { Subscription } from './subscription';
import { SubscriptionChanges } from './subscription-changes';
import {
  SubscriptionContendedError,
  SubscriptionNotFoundError,
  TooManySubscriptionsError,
} from './subscription-errors';
import { SubscriptionLimits } from './subscription-limits';
import { SubscriptionRules } from './subscription-rules';
import {
  basisOf,
  SubscriptionsRepository,
  type ResumptionBasis,
  type StoredBasis,
  type StoredChange,
  type SubscriptionQuery,
} from './subscriptions.repository';
import { VersionPins } from './version-pins';

/** Of several changes at once one is always written, so this is how many others it takes to put one off. */
const MOST_TRIES = 20;

/** Makes, reads, changes and removes subscriptions. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly rules: SubscriptionRules,
    private readonly changes: SubscriptionChanges,
    private readonly versions: VersionPins,
    private readonly clock: Clock,
    private readonly limits: SubscriptionLimits,
  ) {}

  /**
   * Makes a subscription. Its secret is in the answer.
   * @throws InvalidSubscriptionError, InvalidSecretError, TooManySubscriptionsError
   */
  async create(wanted: NewSubscription): Promise<Subscription> {
    const { contract = 'standard', settings = {} } = wanted;
    await this.rules.assertValid({ ...wanted, contract, settings });
    const signature = this.rules.signatureFor({ contract, settings });
    const now = this.clock.now();
    const made = begun(wanted, {
      now,
      heldSince: this.rules.heldSince({ contract, updatedAt: now }, now),
      preferences: this.versions.first(wanted),
      credentials: Credentials.of({ credential: wanted.credentials, headers: wanted.headers }),
      secret: wanted.secret ?? signature.generateSecret(),
    });
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
    throw new SubscriptionNotFoundError(key);
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
   * basis was changed by somebody else meanwhile, so that neither change is lost.
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
      const stored = await this.storedChange(current, isDependent ? change(current) : change);
      const basis = isDependent ? basisOf(current) : partialBasisOf(current, stored);
      if (await this.write(current, stored, basis)) return this.get(current.id);
    }
    throw new SubscriptionContendedError('The subscription is being changed by others all the time. Try again.');
  }

  /** A subscription as a change would make it; nothing is written. @throws InvalidSubscriptionError, InvalidSecretError */
  async preview(current: Subscription, change: SubscriptionChange): Promise<Subscription> {
    await this.rules.assertValidChange(current, change);
    return changed(current, change, this.clock.now());
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
      // Somebody else may have rotated it meanwhile: then both of the new ones are to sign. And it has to fit the settings.
      const { settings } = current;
      if (await this.write(current, { secrets }, { secrets: current.secrets, settings })) return this.get(current.id);
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
   * @param basis what has to hold of it still; where it does not, it stays as it is, too
   * @throws SubscriptionNotFoundError
   */
  async resume(key: string | number, scope: Scope = {}, basis: ResumptionBasis = {}): Promise<Subscription> {
    const current = await this.get(key, scope);
    if (current.suspendedAt === null) return current;
    if (!(await this.write(current, { suspendedAt: null, suspendedReason: null }, basis))) return this.get(current.id);
    const resumed = await this.get(current.id);
    this.changes.announce(resumed.id, resumed);
    return resumed;
  }

  /**
   * Turns a subscription off on the system's own account, unless it was changed or resumed since it was read: then what
   * speaks against it may be over. Answers whether it did.
   */
  async suspend(subscription: Subscription, reason: string): Promise<boolean> {
    const at = this.clock.now();
    const suspension = { reason, at, heldSince: this.rules.heldSince(subscription, at) };
    const suspended = await this.subscriptions.suspend(subscription.id, subscription, suspension);
    if (suspended) this.changes.announce(subscription.id);
    return suspended;
  }

  private async storedChange(current: Subscription, change: SubscriptionChange) {
    await this.rules.assertValidChange(current, change);
    const preferences = this.versions.next(current, change);
    return { ...storedChangeOf(current, change, this.clock.now()), preferences };
  }

  /** Answers whether it is there, and still has the basis of the change. */
  private async write(
    current: Subscription,
    change: Omit<StoredChange, 'updatedAt'>,
    basis: StoredBasis = {},
  ): Promise<boolean> {
    const now = this.clock.now();
    const stored = { ...change, heldSince: this.rules.heldSince(current, now), updatedAt: now };
    const written = await this.subscriptions.update(current.id, stored, basis);
    if (written) this.changes.announce(current.id);
    return written;
  }
}

/** What of the credentials and the preferences is not said is taken from those there are; and a URL is right for some. */
function partialBasisOf(
  { credentials, preferences }: Subscription,
  stored: Pick<StoredChange, 'url' | 'credentials' | 'preferences'>,
): StoredBasis {
  const concernsCredentials = stored.credentials !== undefined || stored.url !== undefined;
  return { ...(concernsCredentials && { credentials }), ...(stored.preferences && { preferences }) };
}
