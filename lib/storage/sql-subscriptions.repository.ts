import type { SecretCipher } from '../encryption/secret-cipher';
import type { Page } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Subscription } from '../subscriptions/subscription';
import {
  SubscriptionsRepository,
  type Route,
  type StoredBasis,
  type StoredChange,
  type SubscriptionFilter,
  type SubscriptionQuery,
  type SubscriptionSelection,
  type Suspension,
} from '../subscriptions/subscriptions.repository';
import { patternsFor } from '../topics/pattern';
import { placeholders, type Database } from './database';
import { integer, type DatabaseInteger } from './rows';
import { readPage } from './selection';
import {
  columnsOf,
  conditionsOf,
  routeOf,
  subscriptionOf,
  type RouteRow,
  type SubscriptionRow,
} from './subscription-rows';
import { countStatement, selectionStatement } from './subscription-selection';

export class SqlSubscriptionsRepository extends SubscriptionsRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: SecretCipher,
  ) {
    super();
  }

  async insert(subscription: Omit<Subscription, 'number'>, most: number): Promise<Subscription | undefined> {
    const { id, topics } = subscription;
    const [, inserted] = await this.database.commit(
      this.nextRevision(),
      this.insertion(subscription, most),
      ...this.topicInsertions(id, topics),
      this.laneInsertion(id),
    );
    return inserted === 0 ? undefined : (await this.byIds([id]))[0]!;
  }

  async update(id: string, { heldSince, ...change }: StoredChange, basis: StoredBasis = {}): Promise<boolean> {
    const columns = { ...columnsOf(id, change, this.cipher), failures: 0, failing_since: null };
    const assignments = Object.keys(columns).map((name) => `${name} = ?`);
    const expected = conditionsOf(basis);
    const conditions = ['id = ?', ...expected.map(({ sql }) => sql)].join(' AND ');
    const [, updated] = await this.database.commit(
      this.nextRevision(),
      {
        sql: `UPDATE ${this.table} SET ${assignments.join(', ')} WHERE ${conditions}`,
        params: [...Object.values(columns), id, ...expected.flatMap(({ params }) => params)],
      },
      ...this.holding(id, heldSince),
      ...(change.topics === undefined ? [] : this.topicReplacement(id, change.topics)),
      this.laneCall(id),
    );
    return updated === 1;
  }

  async suspend(id: string, url: string, { reason, at, heldSince }: Suspension): Promise<boolean> {
    const sql =
      `UPDATE ${this.table} SET suspended_at = ?, suspended_reason = ?, updated_at = ? ` +
      'WHERE id = ? AND url = ? AND suspended_at IS NULL';
    const update = { sql, params: [at, reason, at, id, url] };
    const [, suspended] = await this.database.commit(this.nextRevision(), update, ...this.holding(id, heldSince));
    return suspended === 1;
  }

  async remove(id: string): Promise<void> {
    await this.database.commit(
      this.nextRevision(),
      { sql: `DELETE FROM ${this.table} WHERE id = ?`, params: [id] },
      this.topicDeletion(id),
      { sql: `DELETE FROM ${this.database.table('statistics')} WHERE subscription_id = ?`, params: [id] },
      // The lane's owner finds the subscription gone and gives up what is pending, some at a time.
      this.laneCall(id),
    );
  }

  async byIds(ids: readonly string[]): Promise<Subscription[]> {
    const { sql, params } = this.database.among('id', ids);
    const selection = { sql: `SELECT * FROM ${this.table} WHERE ${sql}`, params };
    return this.found(selection);
  }

  async byNumber(number: number): Promise<Subscription | undefined> {
    const selection = { sql: `SELECT * FROM ${this.table} WHERE number = ?`, params: [number] };
    return (await this.found(selection))[0];
  }

  list({ tenant, contract, ...page }: SubscriptionQuery): Promise<Page<Subscription>> {
    return readPage<SubscriptionRow, Subscription>(this.database, 'subscription', { tenant, contract }, page, (row) =>
      subscriptionOf(row, this.cipher),
    );
  }

  async select(filter: SubscriptionFilter, selection: SubscriptionSelection): Promise<Subscription[]> {
    return this.found(selectionStatement(this.table, filter, selection));
  }

  async count(filter: SubscriptionFilter): Promise<number> {
    const [row] = await this.database.read<{ total: DatabaseInteger }>(countStatement(this.table, filter));
    return integer(row!.total);
  }

  async routes(topic: string, tenant: string | null): Promise<Route[]> {
    const patterns = patternsFor(topic);
    const sql =
      `SELECT DISTINCT s.id, s.tenant, s.preferences FROM ${this.database.table('subscription_topic')} t ` +
      `JOIN ${this.table} s ON s.id = t.subscription_id WHERE t.pattern IN (${placeholders(patterns)}) ` +
      `AND s.enabled = 1 AND s.suspended_at IS NULL AND (s.tenant IS NULL OR s.across_tenants = 1 OR s.tenant = ?)`;
    const rows = await this.database.read<RouteRow>({ sql, params: [...patterns, tenant] });
    return rows.map(routeOf);
  }

  async revision(): Promise<number> {
    const sql = `SELECT value FROM ${this.database.table('revision')} WHERE id = 'subscriptions'`;
    const [row] = await this.database.read<{ value: DatabaseInteger }>({ sql, params: [] });
    return integer(row!.value);
  }

  private get table(): string {
    return this.database.table('subscription');
  }

  /** Remembers since when events are held, where a change has turned a subscription off that was on. */
  private holding(id: string, since: number | null | undefined): Statement[] {
    if (since == null) return [];
    const isOff = '(enabled = 0 OR suspended_at IS NOT NULL)';
    const sql = `UPDATE ${this.table} SET held_since = ? WHERE id = ? AND held_since IS NULL AND ${isOff}`;
    return [{ sql, params: [since, id] }];
  }

  private async found(selection: Statement): Promise<Subscription[]> {
    const rows = await this.database.read<SubscriptionRow>(selection);
    return rows.map((row) => subscriptionOf(row, this.cipher));
  }

  /** Whoever changes subscriptions holds the revision, so that nobody else can add one between the count and the row. */
  private insertion(subscription: Omit<Subscription, 'number'>, most: number): Statement {
    const columns = columnsOf(subscription.id, subscription, this.cipher);
    const params = Object.values(columns);
    const target = `INSERT INTO ${this.table} (${Object.keys(columns).join(', ')})`;
    const { tenant } = subscription;
    if (tenant === null) return { sql: `${target} VALUES (${placeholders(params)})`, params };
    const count = `SELECT COUNT(*) AS taken FROM ${this.table} WHERE tenant = ?${this.database.currentRead}`;
    const sql = `${target} SELECT ${placeholders(params)} FROM (${count}) AS c WHERE c.taken < ?`;
    return { sql, params: [...params, tenant, most] };
  }

  private laneInsertion(id: string): Statement {
    const lane = this.database.table('lane');
    const sql = `INSERT INTO ${lane} (subscription_id, calling) SELECT id, 0 FROM ${this.table} WHERE id = ?`;
    return { sql, params: [id] };
  }

  /** Nothing where the subscription was removed meanwhile, or has other topics. */
  private topicInsertions(id: string, topics: readonly string[]): Statement[] {
    const table = this.database.table('subscription_topic');
    const sql = `INSERT INTO ${table} (pattern, subscription_id) SELECT ?, id FROM ${this.table} WHERE id = ? AND topics = ?`;
    return topics.map((pattern) => ({ sql, params: [pattern, id, JSON.stringify(topics)] }));
  }

  private topicReplacement(id: string, topics: readonly string[]): Statement[] {
    const { sql, params } = this.topicDeletion(id);
    const unlessOthers = ` AND EXISTS (SELECT 1 FROM ${this.table} WHERE id = ? AND topics = ?)`;
    const deletion = { sql: sql + unlessOthers, params: [...params, id, JSON.stringify(topics)] };
    return [deletion, ...this.topicInsertions(id, topics)];
  }

  private topicDeletion(id: string): Statement {
    return { sql: `DELETE FROM ${this.database.table('subscription_topic')} WHERE subscription_id = ?`, params: [id] };
  }

  private laneCall(id: string): Statement {
    return { sql: `UPDATE ${this.database.table('lane')} SET calling = 2 WHERE subscription_id = ?`, params: [id] };
  }

  /** First in every change: publications hold it before they touch lanes, and two orders would be deadlocks. */
  private nextRevision(): Statement {
    return {
      sql: `UPDATE ${this.database.table('revision')} SET value = value + 1 WHERE id = 'subscriptions'`,
      params: [],
    };
  }
}
