import type { Page } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Subscription } from '../subscriptions/subscription';
import {
  SubscriptionsRepository,
  type Route,
  type StoredChange,
  type SubscriptionQuery,
} from '../subscriptions/subscriptions.repository';
import { patternsFor } from '../topics/pattern';
import { placeholders, type Database, type Value } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';
import { readPage } from './selection';

interface SubscriptionRow {
  readonly number: DatabaseInteger;
  readonly id: string;
  readonly contract: string;
  readonly tenant: string | null;
  readonly url: string;
  readonly topics: string;
  readonly description: string | null;
  readonly metadata: string;
  readonly enabled: DatabaseInteger;
  readonly suspended_at: DatabaseInteger | null;
  readonly suspended_reason: string | null;
  readonly secrets: string;
  readonly created_at: DatabaseInteger;
  readonly updated_at: DatabaseInteger;
}

export class SqlSubscriptionsRepository extends SubscriptionsRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(subscription: Omit<Subscription, 'number'>): Promise<Subscription> {
    const columns = columnsOf(subscription);
    const names = Object.keys(columns);
    const params = Object.values(columns);
    await this.database.commit(
      { sql: `INSERT INTO ${this.table} (${names.join(', ')}) VALUES (${placeholders(params)})`, params },
      ...this.topicInsertions(subscription.id, subscription.topics),
      {
        sql: `INSERT INTO ${this.database.table('lane')} (subscription_id, calling) VALUES (?, 0)`,
        params: [subscription.id],
      },
      this.nextRevision(),
    );
    return (await this.byIds([subscription.id]))[0]!;
  }

  async update(id: string, change: StoredChange): Promise<boolean> {
    const columns = columnsOf(change);
    const assignments = Object.keys(columns).map((name) => `${name} = ?`);
    const sql = `UPDATE ${this.table} SET ${assignments.join(', ')} WHERE id = ?`;
    const topics =
      change.topics === undefined ? [] : [this.topicDeletion(id), ...this.topicInsertions(id, change.topics)];
    const [updated] = await this.database.commit(
      { sql, params: [...Object.values(columns), id] },
      ...topics,
      this.laneCall(id),
      this.nextRevision(),
    );
    return updated === 1;
  }

  async suspend(id: string, url: string, reason: string, at: number): Promise<boolean> {
    const sql =
      `UPDATE ${this.table} SET suspended_at = ?, suspended_reason = ?, updated_at = ? ` +
      'WHERE id = ? AND url = ? AND suspended_at IS NULL';
    const [suspended] = await this.database.commit({ sql, params: [at, reason, at, id, url] }, this.nextRevision());
    return suspended === 1;
  }

  async remove(id: string): Promise<void> {
    await this.database.commit(
      { sql: `DELETE FROM ${this.table} WHERE id = ?`, params: [id] },
      this.topicDeletion(id),
      // The lane's owner finds the subscription gone and gives up what is pending, some at a time.
      this.laneCall(id),
      this.nextRevision(),
    );
  }

  async byIds(ids: readonly string[]): Promise<Subscription[]> {
    const { sql, params } = this.database.among('id', ids);
    const selection = { sql: `SELECT * FROM ${this.table} WHERE ${sql}`, params };
    return (await this.database.read<SubscriptionRow>(selection)).map(subscriptionOf);
  }

  list({ tenant, contract, ...page }: SubscriptionQuery): Promise<Page<Subscription>> {
    return readPage<SubscriptionRow, Subscription>(
      this.database,
      'subscription',
      { tenant, contract },
      page,
      subscriptionOf,
    );
  }

  async routes(topic: string, tenant: string | null): Promise<Route[]> {
    const patterns = patternsFor(topic);
    const sql =
      `SELECT DISTINCT s.id, s.tenant FROM ${this.database.table('subscription_topic')} t ` +
      `JOIN ${this.table} s ON s.id = t.subscription_id WHERE t.pattern IN (${placeholders(patterns)}) ` +
      `AND s.enabled = 1 AND s.suspended_at IS NULL AND (s.tenant IS NULL OR s.tenant = ?)`;
    const rows = await this.database.read<{ id: string; tenant: string | null }>({
      sql,
      params: [...patterns, tenant],
    });
    return rows.map(({ id, tenant: owner }) => ({ subscriptionId: id, tenant: owner }));
  }

  async revision(): Promise<number> {
    const sql = `SELECT value FROM ${this.database.table('revision')} WHERE id = 'subscriptions'`;
    const [row] = await this.database.read<{ value: DatabaseInteger }>({ sql, params: [] });
    return integer(row!.value);
  }

  private get table(): string {
    return this.database.table('subscription');
  }

  /** Nothing where the subscription was removed meanwhile. */
  private topicInsertions(id: string, topics: readonly string[]): Statement[] {
    const table = this.database.table('subscription_topic');
    const sql = `INSERT INTO ${table} (pattern, subscription_id) SELECT ?, id FROM ${this.table} WHERE id = ?`;
    return topics.map((pattern) => ({ sql, params: [pattern, id] }));
  }

  private topicDeletion(id: string): Statement {
    return { sql: `DELETE FROM ${this.database.table('subscription_topic')} WHERE subscription_id = ?`, params: [id] };
  }

  private laneCall(id: string): Statement {
    return { sql: `UPDATE ${this.database.table('lane')} SET calling = 2 WHERE subscription_id = ?`, params: [id] };
  }

  private nextRevision(): Statement {
    return {
      sql: `UPDATE ${this.database.table('revision')} SET value = value + 1 WHERE id = 'subscriptions'`,
      params: [],
    };
  }
}

/** The columns of what is there. */
function columnsOf(subscription: Partial<Subscription>): Record<string, Value> {
  const { topics, metadata, enabled, secrets } = subscription;
  const columns: Record<string, Value | undefined> = {
    id: subscription.id,
    contract: subscription.contract,
    tenant: subscription.tenant,
    url: subscription.url,
    topics: topics && JSON.stringify(topics),
    description: subscription.description,
    metadata: metadata && JSON.stringify(metadata),
    enabled: enabled === undefined ? undefined : Number(enabled),
    suspended_at: subscription.suspendedAt,
    suspended_reason: subscription.suspendedReason,
    secrets: secrets && JSON.stringify(secrets),
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  };
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

function subscriptionOf(row: SubscriptionRow): Subscription {
  return {
    id: row.id,
    number: integer(row.number),
    contract: row.contract,
    tenant: row.tenant,
    url: row.url,
    topics: JSON.parse(row.topics) as string[],
    description: row.description,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    enabled: integer(row.enabled) === 1,
    suspendedAt: integerOrNull(row.suspended_at),
    suspendedReason: row.suspended_reason,
    secrets: JSON.parse(row.secrets) as string[],
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
  };
}
