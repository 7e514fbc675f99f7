import type { SecretCipher } from '../encryption/secret-cipher';
import { Secrets, type Secret } from '../subscriptions/secrets';
import type { Preferences } from '../subscriptions/preferences';
import type { Subscription } from '../subscriptions/subscription';
import type { Route, StoredBasis } from '../subscriptions/subscriptions.repository';
import type { Statement } from '../shared/statement';
import type { Value } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

export interface SubscriptionRow {
  readonly number: DatabaseInteger;
  readonly id: string;
  readonly contract: string;
  readonly tenant: string | null;
  readonly across_tenants: DatabaseInteger;
  readonly url: string;
  readonly topics: string;
  readonly description: string | null;
  readonly metadata: string;
  readonly enabled: DatabaseInteger;
  readonly suspended_at: DatabaseInteger | null;
  readonly suspended_reason: string | null;
  readonly held_since: DatabaseInteger | null;
  readonly secrets: string;
  readonly settings: string | null;
  readonly preferences: string | null;
  readonly created_at: DatabaseInteger;
  readonly updated_at: DatabaseInteger;
}

export type RouteRow = Pick<SubscriptionRow, 'id' | 'tenant' | 'preferences'>;

/** The text that secrets were read from, so that a change can be made only while it is still there. */
const texts = new WeakMap<Secrets, string>();

/** What holds of a row as long as nobody has changed the basis of a change. */
export function conditionsOf(basis: StoredBasis): Statement[] {
  const { url, suspendedReason: reason, topics, settings, preferences, secrets } = basis;
  return [
    ...(url === undefined ? [] : [{ sql: 'url = ?', params: [url] }]),
    ...(reason === undefined ? [] : [{ sql: "COALESCE(suspended_reason, '') = ?", params: [reason ?? ''] }]),
    ...(topics ? [{ sql: 'topics = ?', params: [JSON.stringify(topics)] }] : []),
    ...(settings ? [{ sql: "COALESCE(settings, '{}') = ?", params: [JSON.stringify(settings)] }] : []),
    ...(preferences ? [{ sql: "COALESCE(preferences, '{}') = ?", params: [JSON.stringify(preferences)] }] : []),
    ...(secrets ? [{ sql: 'secrets = ?', params: [texts.get(secrets)] }] : []),
  ];
}

/** The columns of what is there. @param id whose, because secrets are encrypted for this subscription only */
export function columnsOf(
  id: string,
  subscription: Partial<Subscription>,
  cipher: SecretCipher,
): Record<string, Value> {
  const { topics, metadata, secrets, settings, preferences } = subscription;
  const sealed = secrets && cipher.seal(JSON.stringify(secrets.all()), id);
  const columns: Record<string, Value | undefined> = {
    id: subscription.id,
    contract: subscription.contract,
    tenant: subscription.tenant,
    across_tenants: flag(subscription.acrossTenants),
    url: subscription.url,
    topics: topics && JSON.stringify(topics),
    description: subscription.description,
    metadata: metadata && JSON.stringify(metadata),
    enabled: flag(subscription.enabled),
    suspended_at: subscription.suspendedAt,
    suspended_reason: subscription.suspendedReason,
    held_since: subscription.heldSince,
    secrets: sealed?.text,
    secret_key: sealed?.keyId,
    settings: settings && JSON.stringify(settings),
    preferences: preferences && JSON.stringify(preferences),
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  };
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

export function subscriptionOf(row: SubscriptionRow, cipher: SecretCipher): Subscription {
  return {
    id: row.id,
    number: integer(row.number),
    contract: row.contract,
    tenant: row.tenant,
    acrossTenants: integer(row.across_tenants) === 1,
    url: row.url,
    topics: JSON.parse(row.topics) as string[],
    description: row.description,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    enabled: integer(row.enabled) === 1,
    suspendedAt: integerOrNull(row.suspended_at),
    suspendedReason: row.suspended_reason,
    heldSince: integerOrNull(row.held_since),
    secrets: secretsOf(row, cipher),
    settings: JSON.parse(row.settings ?? '{}') as Record<string, unknown>,
    preferences: JSON.parse(row.preferences ?? '{}') as Preferences,
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
  };
}

/** There are many routes, and few preferences. */
const NO_PREFERENCES: Preferences = {};

export function routeOf({ id, tenant, preferences }: RouteRow): Route {
  const hasNone = preferences === null || preferences === '{}';
  return {
    subscriptionId: id,
    tenant,
    preferences: hasNone ? NO_PREFERENCES : (JSON.parse(preferences) as Preferences),
  };
}

function secretsOf({ id, secrets: text }: SubscriptionRow, cipher: SecretCipher): Secrets {
  const secrets = Secrets.from(() => JSON.parse(cipher.open(text, id)) as Secret[]);
  texts.set(secrets, text);
  return secrets;
}

function flag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
