import { Clock, type Timer } from '../../lib/shared/clock';
import { type Duration, durationMs } from '../../lib/shared/duration';

/** Lets the work that a timer started come to rest before time moves on. */
export type Settle = () => Promise<void>;

export interface FakeClockOptions {
  /** @default 2025-01-01T00:00:00Z */
  startsAt?: Date;
  /** @default one turn of the event loop */
  settle?: Settle;
}

interface PendingTimer {
  dueMs: number;
  action: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock extends Clock {
  /** What `advance` awaits when it is not told otherwise. */
  settle: Settle;
  private startedAt: number;
  private elapsedMs = 0;
  private readonly timers = new Set<PendingTimer>();

  constructor(options: FakeClockOptions = {}) {
    super();
    this.startedAt = (options.startsAt ?? new Date('2025-01-01T00:00:00Z')).getTime();
    this.settle = options.settle ?? oneTurn;
  }

  now(): number {
    return this.startedAt + this.elapsedMs;
  }

  /** Sets the wall clock, as an administrator does: no time passes. */
  set(aheadMs: number): void {
    this.startedAt += aheadMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  after(delayMs: number, action: () => void): Timer {
    const timer = { dueMs: this.elapsedMs + Math.max(delayMs, 0), action };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  every(intervalMs: number, action: () => void): Timer {
    let timer: Timer;
    const fire = () => {
      timer = this.after(intervalMs, fire);
      action();
    };
    timer = this.after(intervalMs, fire);
    return { cancel: () => timer.cancel() };
  }

  /** How many timers are waiting: 0 when everything has been stopped. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  /**
   * Moves time forward and fires each timer at its due time, the ones started on the way included.
   * Settles at the start, so that work under way may still start its timers, and after each firing.
   */
  async advance(duration: Duration, settle: Settle = this.settle): Promise<void> {
    const untilMs = this.elapsedMs + durationMs(duration);
    await settle();
    for (let timer = this.nextDue(untilMs); timer; timer = this.nextDue(untilMs)) {
      this.fire(timer);
      await settle();
    }
    this.elapsedMs = untilMs;
  }

  private fire(timer: PendingTimer): void {
    this.timers.delete(timer);
    this.elapsedMs = timer.dueMs;
    timer.action();
  }

  private nextDue(untilMs: number): PendingTimer | undefined {
    const due = [...this.timers].filter((timer) => timer.dueMs <= untilMs);
    // The sort is stable: timers due together fire in the order they were started in.
    return due.sort((one, other) => one.dueMs - other.dueMs)[0];
  }
}

function oneTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
