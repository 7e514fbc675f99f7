import type { Credentials } from './credentials';
import type { Preferences } from './preferences';
import type { Secrets } from './secrets';

/** A URL that wants to hear of certain topics, and who owns it. */
export interface Subscription {
  /** `sub_` and 32 hex digits. */
  readonly id: string;
  /** Counts up from 1, for contracts with integer ids. */
  readonly number: number;
  /** The name of the contract that made it. */
  readonly contract: string;
  /** Whose it is; null is nobody's: platform-wide, it gets the events of every tenant. */
  readonly tenant: string | null;
  readonly url: string;
  /** Whether it gets the events of every tenant although it is one tenant's. */
  readonly acrossTenants: boolean;
  /** Patterns such as `order.created`, `order.*` and `*`. */
  readonly topics: readonly string[];
  readonly description: string | null;
  /** What the owner wants to remember of it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The owner's own switch. */
  readonly enabled: boolean;
  /** When the system turned it off, in milliseconds since the epoch; null while it works. */
  readonly suspendedAt: number | null;
  /** Why the system turned it off. */
  readonly suspendedReason: string | null;
  /** What its requests are signed with. Its contract says who sees it. */
  readonly secrets: Secrets;
  /** What its requests carry besides, because its owner says so: headers, and what says who we are. */
  readonly credentials: Credentials;
  /** What its contract keeps of it besides, by the contract's own names. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How its owner wants its deliveries. */
  readonly preferences: Preferences;
  /**
   * From when on it is to get the events that it missed, once it is on again, in milliseconds since the epoch; null
   * while it is on, and where its contract holds none.
   */
  readonly heldSince: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Whether deliveries may be made to it now. */
export function isActive(subscription: Subscription): boolean {
  return subscription.enabled && subscription.suspendedAt === null;
}
