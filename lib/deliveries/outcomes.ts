import { Injectable } from '@nestjs/common';
import { Batcher } from '../shared/batcher';
import { Clock } from '../shared/clock';
import { DeliveriesRepository } from './deliveries.repository';
import { Lifecycle } from './lifecycle';
import type { Outcome } from './outcome';

const WAITS_MS = [50, 100, 250, 500, 1_000, 2_000, 4_000, 8_000];

/** Records outcomes, many in one go, and outlives a database that is away for some seconds. */
@Injectable()
export class Outcomes {
  private readonly batches = new Batcher<Outcome, void>((outcomes) => this.write(outcomes));

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Resolves when the outcome is recorded. Rejects when the database could not be reached for about 15 seconds; the
   * delivery is then still pending in the table and will be attempted again.
   */
  async record(outcome: Outcome): Promise<void> {
    for (const waitMs of WAITS_MS) {
      try {
        return await this.batches.add(outcome);
      } catch (error) {
        this.lifecycle.emit({ type: 'engine.failed', doing: 'recording an outcome', error });
        await new Promise<void>((resolve) => this.clock.after(waitMs, resolve));
      }
    }
    return this.batches.add(outcome);
  }

  private async write(outcomes: Outcome[]): Promise<void[]> {
    await this.repository.record(outcomes);
    return outcomes.map(() => undefined);
  }
}
