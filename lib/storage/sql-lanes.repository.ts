import { LanesRepository, type AnsweredCall, type Heartbeat, type LaneSurvey } from '../lanes/lanes.repository';
import type { Statement } from '../shared/statement';
import type { Database } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

interface HeartbeatRow {
  readonly revision: DatabaseInteger;
  readonly peers: DatabaseInteger;
  readonly expired: DatabaseInteger;
  readonly next_expiry: DatabaseInteger | null;
  readonly next_sweep: DatabaseInteger | null;
  readonly last_sweep: DatabaseInteger | null;
  readonly calling: DatabaseInteger;
  readonly replays: DatabaseInteger;
}

interface CallRow {
  readonly id: string;
  readonly calling: DatabaseInteger;
}

type SurveyRow = Readonly<Record<'lanes' | 'free' | 'calling', DatabaseInteger>>;
type NodeRow = Readonly<Record<'lease' | 'lanes', DatabaseInteger>> & { readonly id: string };

/** The call of a lane whose subscription has changed. */
const CHANGED = 2;

export class SqlLanesRepository extends LanesRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async register(nodeId: string, leaseMs: number): Promise<void> {
    const sql = `INSERT INTO ${this.nodes} (id, lease_until) VALUES (?, ${this.database.clock} + ?)`;
    await this.database.commit({ sql, params: [nodeId, leaseMs] });
  }

  async beat(nodeId: string, leaseMs: number): Promise<Heartbeat> {
    const clock = this.database.clock;
    const sql = `UPDATE ${this.nodes} SET lease_until = ${clock} + ? WHERE id = ? AND lease_until > ${clock}`;
    const renewal = { sql, params: [leaseMs, nodeId] };
    const { affected, rows } = await this.database.commitAndRead<HeartbeatRow>(renewal, this.lookAround(nodeId));
    const row = rows[0]!;
    return {
      renewed: affected === 1,
      peers: integer(row.peers),
      expiredNodes: integer(row.expired) > 0,
      nextExpiryMs: integerOrNull(row.next_expiry),
      lanesCalling: integer(row.calling) > 0,
      replaysWaiting: integer(row.replays) > 0,
      revision: integer(row.revision),
      nextSweepAt: integerOrNull(row.next_sweep),
      lastSweepAt: integerOrNull(row.last_sweep),
    };
  }

  async evictExpired(): Promise<void> {
    await this.database.commit(
      { sql: `DELETE FROM ${this.nodes} WHERE lease_until <= ${this.database.clock}`, params: [] },
      {
        sql:
          `UPDATE ${this.lanes} SET owner = NULL, calling = 1 WHERE owner IS NOT NULL ` +
          `AND NOT EXISTS (SELECT 1 FROM ${this.nodes} n WHERE n.id = owner)`,
        params: [],
      },
    );
  }

  async claim(nodeId: string, subscriptionIds: readonly string[]): Promise<string[]> {
    const named = this.database.among('subscription_id', subscriptionIds);
    const alive = `EXISTS (SELECT 1 FROM ${this.nodes} n WHERE n.id = ? AND n.lease_until > ${this.database.clock})`;
    const sql = `UPDATE ${this.lanes} SET owner = ?, calling = 0 WHERE ${named.sql} AND owner IS NULL AND ${alive}`;
    const [claimed] = await this.database.commit({ sql, params: [nodeId, ...named.params, nodeId] });
    if (claimed === subscriptionIds.length) return [...subscriptionIds];
    return this.select(`${named.sql} AND owner = ?`, [...named.params, nodeId]);
  }

  async claimCalling(nodeId: string, limit: number): Promise<string[]> {
    const free = await this.select(`calling > 0 AND owner IS NULL LIMIT ${limit}`, []);
    return free.length === 0 ? [] : this.claim(nodeId, free);
  }

  lanesOf(nodeId: string): Promise<string[]> {
    return this.select('owner = ?', [nodeId]);
  }

  async call(subscriptionIds: readonly string[]): Promise<void> {
    const named = this.database.among('subscription_id', subscriptionIds);
    const sql = `UPDATE ${this.lanes} SET calling = 1 WHERE calling = 0 AND ${named.sql}`;
    await this.database.commit({ sql, params: named.params });
  }

  async answerCalls(nodeId: string, limit: number): Promise<AnsweredCall[]> {
    const selection = `SELECT subscription_id AS id, calling FROM ${this.lanes} WHERE owner = ? AND calling > 0`;
    const rows = await this.database.read<CallRow>({ sql: `${selection} LIMIT ${limit}`, params: [nodeId] });
    const calls = rows.map(({ id, calling }) => ({ id, changed: integer(calling) === CHANGED }));
    for (const changed of [false, true]) await this.quieten(nodeId, calls, changed);
    return calls;
  }

  async giveBack(nodeId: string, subscriptionIds: readonly string[]): Promise<void> {
    const named = this.database.among('subscription_id', subscriptionIds);
    const subscriptions = this.database.table('subscription');
    const gone = `NOT EXISTS (SELECT 1 FROM ${subscriptions} s WHERE s.id = subscription_id)`;
    await this.database.commit(
      {
        sql: `UPDATE ${this.lanes} SET owner = NULL WHERE owner = ? AND ${named.sql}`,
        params: [nodeId, ...named.params],
      },
      { sql: `DELETE FROM ${this.lanes} WHERE owner IS NULL AND ${named.sql} AND ${gone}`, params: named.params },
    );
  }

  async release(nodeId: string): Promise<void> {
    const removal = { sql: `DELETE FROM ${this.nodes} WHERE id = ?`, params: [nodeId] };
    const freeing = `UPDATE ${this.lanes} SET owner = NULL, calling = 1 WHERE owner = ?`;
    await this.database.commit(removal, { sql: freeing, params: [nodeId] });
  }

  async survey(): Promise<LaneSurvey> {
    const counting =
      `SELECT COUNT(*) AS lanes, COUNT(*) - COUNT(owner) AS free, ` +
      `COUNT(CASE WHEN calling > 0 THEN 1 END) AS calling FROM ${this.lanes}`;
    const owned = `(SELECT COUNT(*) FROM ${this.lanes} l WHERE l.owner = n.id)`;
    const listing =
      `SELECT n.id, n.lease_until - ${this.database.clock} AS lease, ${owned} AS lanes ` +
      `FROM ${this.nodes} n ORDER BY n.id`;
    const [counts] = await this.database.read<SurveyRow>({ sql: counting, params: [] });
    const nodes = await this.database.read<NodeRow>({ sql: listing, params: [] });
    return {
      lanes: integer(counts!.lanes),
      free: integer(counts!.free),
      calling: integer(counts!.calling),
      nodes: nodes.map(({ id, lease, lanes }) => ({ id, leaseMs: integer(lease), lanes: integer(lanes) })),
    };
  }

  private get nodes(): string {
    return this.database.table('node');
  }

  private get lanes(): string {
    return this.database.table('lane');
  }

  /** A call of another kind that has come since stays. */
  private async quieten(nodeId: string, calls: readonly AnsweredCall[], changed: boolean): Promise<void> {
    const ids = calls.filter((call) => call.changed === changed).map(({ id }) => id);
    if (ids.length === 0) return;
    const named = this.database.among('subscription_id', ids);
    const sql = `UPDATE ${this.lanes} SET calling = 0 WHERE owner = ? AND calling = ? AND ${named.sql}`;
    await this.database.commit({ sql, params: [nodeId, changed ? CHANGED : 1, ...named.params] });
  }

  private async select(condition: string, params: readonly unknown[]): Promise<string[]> {
    const sql = `SELECT subscription_id AS id FROM ${this.lanes} WHERE ${condition}`;
    return (await this.database.read<{ id: string }>({ sql, params })).map(({ id }) => id);
  }

  private lookAround(nodeId: string): Statement {
    const { clock } = this.database;
    const others = `FROM ${this.nodes} WHERE id <> ? AND lease_until`;
    const events = this.database.table('event');
    const replays = this.database.table('replay');
    const sql =
      `SELECT (SELECT value FROM ${this.database.table('revision')} WHERE id = 'subscriptions') AS revision, ` +
      `(SELECT COUNT(*) ${others} > ${clock}) AS peers, ` +
      `(SELECT COUNT(*) ${others} <= ${clock}) AS expired, ` +
      `(SELECT MIN(lease_until) - ${clock} ${others} > ${clock}) AS next_expiry, ` +
      `(SELECT MIN(fan_out_at) FROM ${events} WHERE fan_out_at IS NOT NULL) AS next_sweep, ` +
      `(SELECT MAX(fan_out_at) FROM ${events} WHERE fan_out_at IS NOT NULL) AS last_sweep, ` +
      `(SELECT COUNT(*) FROM (SELECT 1 FROM ${this.lanes} WHERE calling > 0 AND (owner IS NULL OR owner = ?) LIMIT 1) c) AS calling, ` +
      `(SELECT COUNT(*) FROM (SELECT 1 FROM ${replays} r WHERE r.state = 'running' AND NOT EXISTS ` +
      `(SELECT 1 FROM ${this.nodes} n WHERE n.id = r.node) LIMIT 1) w) + ` +
      `(SELECT COUNT(*) FROM (SELECT 1 FROM ${this.database.table('subscription')} WHERE held_since IS NOT NULL ` +
      `AND enabled = 1 AND suspended_at IS NULL LIMIT 1) h) AS replays`;
    return { sql, params: [nodeId, nodeId, nodeId, nodeId] };
  }
}
