import { Injectable } from '@nestjs/common';
import { Batcher } from '../shared/batcher';
import { Clock } from '../shared/clock';
import { DeliveriesRepository } from './deliveries.repository';
import { Lifecycle } from './lifecycle';
import type { Outcome } from './outcome';

const MOST_AT_ONCE = 500;
const WAITS_MS = [50, 100, 250, 500, 1_000, 2_000, 4_000, 8_000];

/** Records outcomes, many in one go, and outlives a database that is away for some seconds. */
@Injectable()
export class Outcomes {
  private readonly batches = new Batcher<readonly Outcome[], void>((together) => this.write(together), {
    weight: { most: MOST_AT_ONCE, of: ({ length }) => length },
  });

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Resolves when the outcomes are recorded, all of them together. Rejects when the database could not be reached for about 15 seconds; the
   * deliveries are then still pending in the table and will be attempted again.
   */
  async record(outcomes: readonly Outcome[]): Promise<void> {
    for (const waitMs of WAITS_MS) {
      try {
        return await this.batches.add(outcomes);
      } catch (error) {
        this.lifecycle.emit({ type: 'engine.failed', doing: 'recording an outcome', error });
        await new Promise<void>((resolve) => this.clock.after(waitMs, resolve));
      }
    }
    return this.batches.add(outcomes);
  }

  private async write(together: (readonly Outcome[])[]): Promise<void[]> {
    await this.repository.record(together.flat());
    return together.map(() => undefined);
  }
}
