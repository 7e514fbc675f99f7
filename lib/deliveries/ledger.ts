import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { attemptOf, type Attempt, type Exchange } from './attempt';
import type { DueDelivery } from './delivery';
import type { Verdict } from './judge';
import { Lifecycle } from './lifecycle';
import type { LoadedDelivery } from './loader';
import type { Outcome } from './outcome';
import { Outcomes } from './outcomes';

/** An attempt at a delivery, and what it means. */
export interface Entry {
  readonly delivery: LoadedDelivery;
  readonly exchange: Exchange;
  readonly verdict: Verdict;
}

/** Writes down what became of deliveries, and says so. Rejects when the database could not be reached. */
@Injectable()
export class Ledger {
  constructor(
    private readonly outcomes: Outcomes,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  /** Writes attempts that were made as one request: all of them, or none. */
  async record(entries: readonly Entry[]): Promise<void> {
    const decidedAt = this.clock.now();
    const outcomes = entries.map(({ delivery: { due }, exchange, verdict: { state, nextAttemptAt } }) => {
      const attempt = attemptOf(due.id, due.attemptCount + 1, exchange);
      return { delivery: due, state, attempt, nextAttemptAt, decidedAt };
    });
    await this.outcomes.record(outcomes);
    entries.forEach(({ delivery, verdict }, index) => this.tellOf(delivery, outcomes[index]!.attempt, verdict));
  }

  /** These are over without an attempt: their event or subscription is gone. */
  async cancel(gone: readonly DueDelivery[]): Promise<void> {
    const canceled = { state: 'canceled', attempt: null, nextAttemptAt: null, decidedAt: this.clock.now() } as const;
    await this.outcomes.record(gone.map((delivery): Outcome => ({ delivery, ...canceled })));
    for (const delivery of gone) this.lifecycle.emit({ type: 'delivery.canceled', delivery });
  }

  private tellOf({ due, event, subscription }: LoadedDelivery, attempt: Attempt, verdict: Verdict): void {
    const { state, nextAttemptAt } = verdict;
    const { tenant, contract } = subscription;
    const delivery = { ...due, topic: event.topic, publishedAt: event.createdAt, tenant, contract };
    if (state === 'delivered') this.lifecycle.emit({ type: 'delivery.delivered', delivery, attempt });
    else if (nextAttemptAt === null) this.lifecycle.emit({ type: 'delivery.exhausted', delivery, attempt });
    else this.lifecycle.emit({ type: 'delivery.retrying', delivery, attempt, nextAttemptAt });
  }
}
