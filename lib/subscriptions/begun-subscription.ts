import type { Credentials } from './credentials';
import { identifier } from '../shared/identifier';
import type { NewSubscription } from './new-subscription';
import type { Preferences } from './preferences';
import { Secrets } from './secrets';
import type { Subscription } from './subscription';

/** What whoever begins a subscription adds to what was wanted. */
interface Beginning {
  readonly now: number;
  readonly secret: string;
  readonly credentials: Credentials;
  readonly preferences: Preferences;
  /** From when on it is to get what it misses, if it begins turned off. */
  readonly heldSince: number | null;
}

/** A new subscription with all that was left to defaults. */
export function begun(
  { contract = 'standard', settings = {}, ...wanted }: NewSubscription,
  { now, secret, credentials, preferences, heldSince }: Beginning,
): Omit<Subscription, 'number'> {
  const isOff = wanted.enabled === false || wanted.suspendedReason !== undefined;
  return {
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
    secrets: Secrets.of(secret),
    credentials,
    settings,
    preferences,
    heldSince: isOff ? heldSince : null,
    createdAt: now,
    updatedAt: now,
  };
}
