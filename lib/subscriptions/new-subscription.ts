import type { Credential } from './credentials';
import type { Preferences } from './preferences';
import type { Subscription } from './subscription';

/** What a new subscription is made of. */
export interface NewSubscription {
  /** Where to; http or https, and an address that the host's policy allows. */
  readonly url: string;
  /** Which topics: names, names that end in `.*`, or `*`. */
  readonly topics: readonly string[];
  /** Whose; null is nobody's: platform-wide. @default null */
  readonly tenant?: string | null;
  /** Whether it gets the events of every tenant although it is one tenant's. @default false */
  readonly acrossTenants?: boolean;
  /** @default null */
  readonly description?: string | null;
  /** @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
  /** @default true */
  readonly enabled?: boolean;
  /** An existing secret to sign with, as its contract wants it. @default a new one */
  readonly secret?: string;
  /** How its requests say who we are, beside their signature; null in a change takes that away. @default null */
  readonly credentials?: Credential | null;
  /** Headers for each of its requests, at most 20. They are kept like secrets. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** What its contract keeps of it besides. @default {} */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** How its owner wants its deliveries. @default {}, which is as its contract has them */
  readonly preferences?: Preferences;
  /** Why it is suspended from the beginning. @default it is not */
  readonly suspendedReason?: string;
  /** The name of the contract it is made under, and delivered by. @default 'standard' */
  readonly contract?: string;
}

/** How a secret is replaced without a gap. */
export interface SecretRotation {
  /** How long what signed until now goes on signing beside the new one, in seconds, 0 to 604,800. @default 86_400 */
  readonly overlapSeconds?: number;
  /** The new one, as its contract wants it. @default a random one */
  readonly secret?: string;
}

/** What an owner may change; what is left out stays. */
export type SubscriptionChange = Partial<Omit<NewSubscription, 'tenant' | 'contract'>>;

/** A change that depends on what the subscription is now. Worked out anew when somebody else was faster. */
export type DependentChange = (current: Subscription) => SubscriptionChange;

/** Whose subscriptions an operation may touch, of which contract; undefined is everybody's. */
export interface Scope {
  readonly tenant?: string;
  readonly contract?: string;
}
