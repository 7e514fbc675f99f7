import { Injectable } from '@nestjs/common';
/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
  /** What the platform knows the timer by, for registries that list the timers of a process. */
  readonly handle?: unknown;
}

/** Where the framework gets the time and its timers from; tests put a fake one in its place. */
export abstract class Clock {
  /** Wall-clock time in milliseconds since the epoch. */
  abstract now(): number;
  /** Milliseconds that only ever grow, whatever happens to the wall clock. */
  abstract monotonic(): number;
  /** Runs `action` once, `delayMs` from now. A pending timer does not keep the process alive. */
  abstract after(delayMs: number, action: () => void): Timer;
  /** Runs `action` every `intervalMs` until it is cancelled. It does not keep the process alive. */
  abstract every(intervalMs: number, action: () => void): Timer;
}

/** How far the clocks of two processes, or one clock before and after it was set, are taken to be apart at the most. */
export const MOST_DRIFT_MS = 3_600_000;

const LONGEST_DELAY_MS = 2 ** 31 - 1;

@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(delayMs: number, action: () => void): Timer {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), LONGEST_DELAY_MS)).unref();
    return { cancel: () => clearTimeout(timer), handle: timer };
  }

  every(intervalMs: number, action: () => void): Timer {
    const timer = setInterval(action, intervalMs).unref();
    return { cancel: () => clearInterval(timer), handle: timer };
  }
}
