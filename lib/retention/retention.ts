import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock, type Timer } from '../shared/clock';
import { PAUSE_MS, Pruning } from './pruning';
import { RetentionSettings } from './retention-limits';
import { RetentionRepository, type Round } from './retention.repository';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const EVERY_MS: Readonly<Record<Round, number>> = { rows: HOUR_MS, bodies: 24 * HOUR_MS };

/**
 * Takes away what has been kept for long enough, a batch at a time and with pauses between. One process does it, any
 * may; whoever comes after a crash begins at the oldest row again, where nothing is left of what was done.
 */
@Injectable()
export class Retention {
  private timers: Timer[] = [];
  private pause: Timer | undefined;
  private underWay = false;
  private stopped = false;

  constructor(
    private readonly repository: RetentionRepository,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly settings: RetentionSettings,
  ) {}

  /** Looks a minute from now and then every hour whether it is time. */
  start(): void {
    if (this.settings.retention === null) return;
    this.timers = [this.clock.after(MINUTE_MS, () => this.look()), this.clock.every(HOUR_MS, () => this.look())];
  }

  /** Begins no further batch. */
  stop(): void {
    this.stopped = true;
    this.timers.forEach((timer) => timer.cancel());
    this.pause?.cancel();
  }

  /** Begins what is due and what nobody else does. */
  look(): void {
    if (this.underWay || this.stopped) return;
    this.underWay = true;
    this.goOn(this.turns());
  }

  /** Takes the next step, and a pause after it. */
  private goOn(steps: AsyncGenerator<void>): void {
    void this.activity.track(async () => {
      const over = await this.isOver(steps);
      if (over) this.underWay = false;
      else if (!this.stopped) this.pause = this.clock.after(PAUSE_MS, () => this.goOn(steps));
    });
  }

  private async isOver(steps: AsyncGenerator<void>): Promise<boolean> {
    try {
      return (await steps.next()).done === true;
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: 'retention', error });
      return true;
    }
  }

  private async *turns(): AsyncGenerator<void> {
    for (const round of ['rows', 'bodies'] as const) {
      const pruning = new Pruning(round, this.settings.retention!, this.repository, this.clock);
      // A little less, so that it does not slip by an hour where timers are a moment early.
      if (!pruning.isWanted || !(await pruning.claim(EVERY_MS[round] - MINUTE_MS))) continue;
      yield;
      const { startedAt, finishedAt, counts } = yield* pruning.steps();
      this.lifecycle.emit({ type: 'retention.pruned', round, counts, tookMs: finishedAt - startedAt });
      yield;
    }
  }
}
