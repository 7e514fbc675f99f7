/** Node fires longer ones at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Listener = () => void;

/**
 * Bounds one exchange. It is a signal by itself, of the few members that axios asks for: an `AbortController` for every
 * request costs as much as a tenth of the request. Measured in real time and not by the injected clock: the network does not wait for a fake one.
 */
export class Deadline {
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly listeners = new Set<Listener>();
  private expired = false;
  private over = false;

  constructor(timeoutMs: number) {
    this.timer = setTimeout(() => this.expire(), Math.min(timeoutMs, LONGEST_TIMER_MS));
  }

  /** Whether the time is up, or the exchange was given up. */
  get aborted(): boolean {
    return this.over;
  }

  addEventListener(_: 'abort', listener: Listener): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: 'abort', listener: Listener): void {
    this.listeners.delete(listener);
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
    this.abort();
  }

  /** The exchange is over; nothing is to be torn down any more. */
  lift(): void {
    clearTimeout(this.timer);
  }

  private expire(): void {
    this.expired = true;
    this.abort();
  }

  private abort(): void {
    this.over = true;
    for (const listener of this.listeners) listener();
  }
}
