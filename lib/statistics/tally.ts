import { Injectable } from '@nestjs/common';
import type { Attempt } from '../deliveries/attempt';
import { Lifecycle, type LifecycleEvent } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock, type Timer } from '../shared/clock';
import { placeOf } from './durations';
import { StatisticsRepository, type HourlySums } from './statistics.repository';
import { NOTHING, sumOf, type Sums } from './sums';

export const HOUR_MS = 3_600_000;
/** What a crash may lose. */
const FLUSH_MS = 10_000;
const ROWS_PER_STATEMENT = 500;

/** Sums while they are counted up. */
type Counting = { -readonly [Key in keyof Sums]: Key extends 'durations' ? number[] : Sums[Key] };

interface Entry {
  readonly subscriptionId: string;
  readonly hour: number;
  readonly sums: Counting;
}

/** Counts attempts in memory and adds them to the table every ten seconds, while there are any. */
@Injectable()
export class Tally {
  private counted = new Map<string, Entry>();
  private timer: Timer | undefined;
  private flushing: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly repository: StatisticsRepository,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
  ) {
    lifecycle.subscribe((event) => this.hear(event));
  }

  /** Adds what has been counted to the table; what fails is added with the next. */
  flush(): Promise<void> {
    this.flushing ??= this.activity.track(() => this.write()).finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  /** Adds what has been counted, and no longer does so by itself. */
  stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    return this.flush();
  }

  private hear(event: LifecycleEvent): void {
    if (event.type === 'delivery.delivered') this.count(event, event.attempt.number === 1, false);
    if (event.type === 'delivery.retrying') this.count(event, false, false);
    if (event.type === 'delivery.exhausted') this.count(event, false, true);
  }

  private count(
    { delivery, attempt }: { delivery: { subscriptionId: string }; attempt: Attempt },
    first: boolean,
    exhausted: boolean,
  ): void {
    const { sums } = this.entryOf(delivery.subscriptionId, attempt.startedAt);
    sums.attempts += 1;
    if (attempt.succeeded) sums.succeeded += 1;
    if (first) sums.deliveredFirst += 1;
    if (exhausted) sums.exhausted += 1;
    sums.durations[placeOf(attempt.durationMs)]! += 1;
  }

  private entryOf(subscriptionId: string, at: number): Entry {
    const hour = at - (at % HOUR_MS);
    const key = `${hour} ${subscriptionId}`;
    const known = this.counted.get(key);
    if (known) return known;
    const entry = { subscriptionId, hour, sums: { ...NOTHING, durations: [...NOTHING.durations] } };
    this.counted.set(key, entry);
    this.schedule();
    return entry;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer ??= this.clock.after(FLUSH_MS, () => {
      this.timer = undefined;
      void this.flush();
    });
  }

  private async write(): Promise<void> {
    // In one order for all processes, so that none waits for another in a circle.
    const keys = [...this.counted.keys()].sort();
    for (let first = 0; first < keys.length; first += ROWS_PER_STATEMENT) {
      const entries = this.takeOut(keys.slice(first, first + ROWS_PER_STATEMENT));
      try {
        await this.repository.add(entries);
      } catch (error) {
        entries.forEach((entry) => this.putBack(entry));
        this.lifecycle.emit({ type: 'engine.failed', doing: 'writing statistics', error });
        return;
      }
    }
  }

  private takeOut(keys: readonly string[]): Entry[] {
    const entries = keys.map((key) => this.counted.get(key)!);
    keys.forEach((key) => this.counted.delete(key));
    return entries;
  }

  private putBack({ subscriptionId, hour, sums }: HourlySums): void {
    const entry = this.entryOf(subscriptionId, hour);
    Object.assign(entry.sums, sumOf(entry.sums, sums));
  }
}
