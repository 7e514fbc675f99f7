import { run } from '../../lib/cli/run';
import { Clock, SystemClock, type Timer } from '../../lib/shared/clock';

/** What came of calling the command line. */
export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Calling {
  readonly env?: Record<string, string>;
  readonly clock?: Clock;
  /** Whether somebody looks on. @default false */
  readonly isTTY?: boolean;
  /** Hears everything that is written, as it is. */
  readonly onOutput?: (text: string, interrupt: () => void) => void;
}

/** `npx nestjs-webhooks …args`, in this process. */
export async function call(args: readonly string[], calling: Calling = {}): Promise<Printed> {
  const { env = {}, clock = new SystemClock(), isTTY = false, onOutput } = calling;
  const interruption = new AbortController();
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
      onOutput?.(text, () => interruption.abort());
    },
  });
  const code = await run(args, {
    stdout: output('out'),
    stderr: output('err'),
    env,
    clock,
    signal: interruption.signal,
  });
  return { code, ...written };
}

/** Tells the time of a host whose clock stands still, while its own timers run. */
export class ClockBeside extends Clock {
  private readonly system = new SystemClock();

  constructor(private readonly host: Clock) {
    super();
  }

  now(): number {
    return this.host.now();
  }

  monotonic(): number {
    return this.system.monotonic();
  }

  after(delayMs: number, action: () => void): Timer {
    return this.system.after(delayMs, action);
  }

  every(intervalMs: number, action: () => void): Timer {
    return this.system.every(intervalMs, action);
  }
}
