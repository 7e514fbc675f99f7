import type { HostTransaction, PublishedEvent, WebhooksService } from 'nestjs-webhooks';
import type { DataSource } from 'typeorm';
import { TOPICS } from './host.module';
import { transactPlainly, transactWithTypeOrm, type Work } from './plain-transactions';
import { sqliteOf } from './sqlite-handle';

/** Whose events they are, in turn; null is nobody's. */
export const TENANTS = ['acme', 'globex', null] as const;

export interface TrafficEvent {
  readonly id: string;
  readonly topic: string;
  readonly tenant: string | null;
}

/** What became of a publication, as its host tells it. */
export type Publication =
  | { readonly kind: 'accepted'; readonly event: TrafficEvent }
  | { readonly kind: 'rolled back'; readonly event: TrafficEvent }
  | { readonly kind: 'rejected'; readonly error: string };

export interface TrafficSettings {
  readonly perSecond: number;
  /** Whether the host runs its transactions without TypeORM; on SQLite only. */
  readonly plainTransactions: boolean;
}

/** The host's own table: a row for each event that is published in a transaction, written in the same. */
const LEDGER =
  'CREATE TABLE IF NOT EXISTS ledger (event_id varchar(64) PRIMARY KEY, topic varchar(64), tenant varchar(64))';

class ChangeOfMind extends Error {}

/**
 * Publishes at a steady rate, whatever becomes of it: every second event on its own, the others in a transaction of the
 * host that also writes to its ledger, and that is rolled back every fourth time.
 */
export class Traffic {
  private timer: NodeJS.Timeout | undefined;
  private readonly underWay = new Set<Promise<void>>();
  /** TypeORM has one connection to SQLite, where transactions that overlap would be one. */
  private transactions: Promise<unknown> = Promise.resolve();
  private serial = 0;
  private plainly = false;

  constructor(
    private readonly webhooks: WebhooksService,
    private readonly dataSource: DataSource,
    private readonly report: (publication: Publication) => void,
  ) {}

  async begin({ perSecond, plainTransactions }: TrafficSettings): Promise<void> {
    await this.dataSource.query(LEDGER);
    this.plainly = plainTransactions;
    this.timer = setInterval(() => this.publishOne(), 1_000 / perSecond);
  }

  /** Publishes so many at once. */
  burst(count: number): void {
    for (let index = 0; index < count; index++) this.publishOne();
  }

  /** Publishes no more; resolves when it is known what became of everything. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  private publishOne(): void {
    const publication = this.attempt().finally(() => this.underWay.delete(publication));
    this.underWay.add(publication);
  }

  private async attempt(): Promise<void> {
    const serial = this.serial++;
    try {
      if (serial % 2 === 0) this.report({ kind: 'accepted', event: await this.publish(serial) });
      else await this.publishInTurn(serial);
    } catch (error) {
      this.report({ kind: 'rejected', error: String(error) });
    }
  }

  private publishInTurn(serial: number): Promise<void> {
    const turn = this.transactions.then(() => this.publishInTransaction(serial));
    this.transactions = turn.catch(() => undefined);
    return turn;
  }

  private async publishInTransaction(serial: number): Promise<void> {
    let event: TrafficEvent | undefined;
    const work: Work = async (transaction, insert) => {
      event = await this.publish(serial, transaction);
      await insert('ledger', { event_id: event.id, topic: event.topic, tenant: event.tenant });
      if (serial % 8 === 3) throw new ChangeOfMind();
    };
    try {
      await (this.plainly
        ? transactPlainly(sqliteOf(this.dataSource), work)
        : transactWithTypeOrm(this.dataSource, work));
      this.report({ kind: 'accepted', event: event! });
    } catch (error) {
      if (!(error instanceof ChangeOfMind)) throw error;
      this.report({ kind: 'rolled back', event: event! });
    }
  }

  private async publish(serial: number, transaction?: HostTransaction): Promise<TrafficEvent> {
    const topic = TOPICS[Math.floor(serial / 2) % TOPICS.length]!;
    const tenant = TENANTS[Math.floor(serial / 6) % TENANTS.length]!;
    const payload = { serial, entered: transaction !== undefined };
    const { id }: PublishedEvent = await this.webhooks.publish(topic, payload, { transaction, tenant });
    return { id, topic: topic.name, tenant };
  }
}
