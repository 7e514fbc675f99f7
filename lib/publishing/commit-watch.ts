import { Injectable } from '@nestjs/common';
import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { Lifecycle } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock } from '../shared/clock';
import { FanOut } from './fan-out';
import { queryRunnerOf, type HostTransaction } from './host-transaction';

const PROBE_WAITS_MS = [2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_000];

/**
 * Learns when a host's transaction that published something has committed, so that its events need not wait for the
 * sweep: TypeORM tells; for any other handle the table is asked at growing intervals.
 */
@Injectable()
export class CommitWatch implements EntitySubscriberInterface {
  private readonly published = new WeakMap<QueryRunner, string[]>();
  private stopped = false;

  constructor(
    private readonly fanOut: FanOut,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
  ) {}

  attachTo(host: DataSource): void {
    host.subscribers.push(this);
  }

  stop(): void {
    this.stopped = true;
  }

  /** An event was written with this handle. */
  watch(transaction: HostTransaction, eventId: string): void {
    const queryRunner = queryRunnerOf(transaction);
    if (queryRunner?.isTransactionActive) this.remember(queryRunner, eventId);
    else this.probe([eventId], 0);
  }

  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    // The end of a savepoint is not the end of the transaction.
    if (queryRunner.isTransactionActive) return;
    const ids = this.published.get(queryRunner);
    if (!ids) return;
    this.published.delete(queryRunner);
    this.probe(ids, 0);
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) this.published.delete(queryRunner);
  }

  private remember(queryRunner: QueryRunner, eventId: string): void {
    const ids = this.published.get(queryRunner);
    if (ids) ids.push(eventId);
    else this.published.set(queryRunner, [eventId]);
  }

  private probe(ids: readonly string[], round: number): void {
    void this.activity.track(() => this.accept(ids, round));
  }

  private async accept(ids: readonly string[], round: number): Promise<void> {
    if (this.stopped) return;
    try {
      const found = await this.fanOut.acceptCommitted(ids);
      const missing = ids.filter((id) => !found.has(id));
      const waitMs = PROBE_WAITS_MS[round];
      if (missing.length > 0 && waitMs !== undefined) this.clock.after(waitMs, () => this.probe(missing, round + 1));
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: 'looking for committed events', error });
    }
  }
}
