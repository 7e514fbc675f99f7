import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import { Credentials, type CredentialContents } from './credentials';
import type { SubscriptionChange } from './new-subscription';
import { Secrets } from './secrets';
import type { Subscription } from './subscription';
import { InvalidSubscriptionError } from './subscription-errors';
import type { StoredChange } from './subscriptions.repository';

/** What is written of a change. @throws InvalidSubscriptionError */
export function storedChangeOf(
  current: Subscription,
  change: SubscriptionChange,
  now: number,
): Omit<StoredChange, 'updatedAt'> {
  const { topics, secret, suspendedReason, credentials, headers, ...rest } = change;
  return {
    ...rest,
    topics: topics && [...new Set(topics)],
    secrets: secret === undefined ? undefined : Secrets.of(secret),
    credentials: credentialsAfter(current.credentials, { credentials, headers }),
    ...(suspendedReason !== undefined && { suspendedAt: now, suspendedReason }),
  };
}

/** A subscription as it would be after a change, of which nothing is written. */
export function changed(current: Subscription, change: SubscriptionChange, now: number): Subscription {
  const stored = Object.entries(storedChangeOf(current, change, now)).filter(([, value]) => value !== undefined);
  return { ...current, ...Object.fromEntries(stored) };
}

/**
 * What the credentials are after a change; undefined where it does not concern them. What of them is not said stays.
 * @throws InvalidSubscriptionError when that cannot be read
 */
export function credentialsAfter(
  current: Credentials,
  { credentials: credential, headers }: Pick<SubscriptionChange, 'credentials' | 'headers'>,
): Credentials | undefined {
  if (credential === undefined && headers === undefined) return undefined;
  if (credential !== undefined && headers !== undefined) return Credentials.of({ credential, headers });
  const before = contentsOf(current);
  return Credentials.of({
    credential: credential === undefined ? before.credential : credential,
    headers: headers ?? before.headers,
  });
}

function contentsOf(credentials: Credentials): CredentialContents {
  try {
    return credentials.all();
  } catch (error) {
    if (!(error instanceof UnreadableSecretError)) throw error;
    const message = 'what is stored cannot be read at the moment; give the credentials and the headers together';
    throw new InvalidSubscriptionError([{ field: 'credentials', message }]);
  }
}
