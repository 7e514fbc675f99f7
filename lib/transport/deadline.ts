/** Node fires longer ones at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Bounds one exchange. Measured in real time and not by the injected clock: the network does not wait for a fake one.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private expired = false;

  constructor(timeoutMs: number) {
    this.timer = setTimeout(() => this.expire(), Math.min(timeoutMs, LONGEST_TIMER_MS));
  }

  /** Aborts when the time is up, and when the exchange was given up. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get passed(): boolean {
    return this.expired;
  }

  get elapsedMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }

  /** Ends the exchange before its time: whatever of it is still open is torn down. */
  giveUp(): void {
    this.lift();
    this.controller.abort();
  }

  /** The exchange is over; nothing is to be torn down any more. */
  lift(): void {
    clearTimeout(this.timer);
  }

  private expire(): void {
    this.expired = true;
    this.controller.abort();
  }
}
