import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { TrafficEvent } from '../processes/traffic';
import type { DatabaseHandle } from '../support/databases';
import { keyOf } from './counting-receiver';

export interface StoredEvent extends TrafficEvent {
  readonly payload: { readonly serial: number; readonly entered: boolean };
}

interface EventRow extends TrafficEvent {
  readonly payload: string;
}

/** What the database says, read over a connection of the test's own. */
export class Books {
  private constructor(private dataSource: DataSource) {}

  static async at({ options }: DatabaseHandle): Promise<Books> {
    return new Books(await new DataSource(options).initialize());
  }

  /** The deliveries that are not done with, as the receiver's keys. */
  pending(): Promise<ReadonlySet<string>> {
    return this.keys('d.next_attempt_at IS NOT NULL');
  }

  /** The deliveries of which an attempt timed out. */
  timedOut(): Promise<ReadonlySet<string>> {
    return this.keys(`EXISTS (SELECT 1 FROM webhooks_attempt a WHERE a.delivery_id = d.id AND a.failure = 'timeout')`);
  }

  /** Whether anything is still to be done for subscriptions at this origin. */
  async owesAnythingAt(origin: string): Promise<boolean> {
    const deliveries = await this.rows(
      'SELECT 1 FROM webhooks_subscription s JOIN webhooks_delivery d ON d.subscription_id = s.id ' +
        `WHERE s.url LIKE '${origin}%' AND d.next_attempt_at IS NOT NULL LIMIT 1`,
    );
    const events = await this.rows('SELECT 1 FROM webhooks_event WHERE fan_out_at IS NOT NULL LIMIT 1');
    return deliveries.length + events.length > 0;
  }

  async events(): Promise<StoredEvent[]> {
    const rows = await this.rows<EventRow>('SELECT id, topic, tenant, payload FROM webhooks_event');
    return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as StoredEvent['payload'] }));
  }

  /** The events that the host's own table tells of. */
  ledger(): Promise<TrafficEvent[]> {
    return this.rows('SELECT event_id AS id, topic, tenant FROM ledger');
  }

  /** How attempts at a path ended: the status or the kind of failure, and how often. */
  async attempts(url: string): Promise<{ readonly end: string; readonly count: number }[]> {
    const rows = await this.rows<{ status: number | null; failure: string | null }>(
      'SELECT a.status AS status, a.failure AS failure FROM webhooks_attempt a JOIN webhooks_delivery d ON d.id = a.delivery_id ' +
        `JOIN webhooks_subscription s ON s.id = d.subscription_id WHERE s.url = '${url}'`,
    );
    const counts = new Map<string, number>();
    for (const { status, failure } of rows) {
      const end = String(failure ?? status);
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    return [...counts].map(([end, count]) => ({ end, count }));
  }

  /** After the server has gone and come back. */
  async reopen(): Promise<void> {
    const { options } = this.dataSource;
    await this.close();
    this.dataSource = await new DataSource(options).initialize();
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  private async keys(condition: string): Promise<ReadonlySet<string>> {
    const rows = await this.rows<{ event: string; url: string }>(
      'SELECT d.event_id AS event, s.url AS url FROM webhooks_delivery d ' +
        `JOIN webhooks_subscription s ON s.id = d.subscription_id WHERE ${condition}`,
    );
    return new Set(rows.map(({ event, url }) => keyOf({ path: new URL(url).pathname, eventId: event })));
  }

  /** Beside processes that write all the time, SQLite may say for a moment that it is busy. */
  private async rows<Row>(sql: string): Promise<Row[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.dataSource.query<Row[]>(sql);
      } catch (error) {
        if (tries === 20) throw error;
        await pause(100);
      }
    }
  }
}
