import type { Clock } from '../shared/clock';

/** Where a command writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** What a command has around it. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted when somebody presses Ctrl-C. */
  readonly signal: AbortSignal;
}

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
const PROGRESS_EVERY_MS = 5_000;

/** Answers go to stdout; what happens meanwhile, to stderr. */
export class Terminal {
  readonly env: Surroundings['env'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  private readonly stdout: Output;
  private readonly stderr: Output;
  private showsProgress = false;
  private progressAt = -Infinity;

  constructor({ stdout, stderr, env, clock, signal }: Surroundings) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.env = env;
    this.clock = clock;
    this.signal = signal;
  }

  /** Answers a line. */
  print(line = ''): void {
    this.clearProgress();
    this.stdout.write(`${line}\n`);
  }

  json(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Says something that is no answer. */
  note(line = ''): void {
    this.clearProgress();
    this.stderr.write(`${line}\n`);
  }

  /** Shows how far something got: in one line that changes or, where nobody looks on, in a line every few seconds. */
  progress(line: string): void {
    const now = this.clock.monotonic();
    if (this.stderr.isTTY) {
      this.stderr.write(`\r\u001b[2K${line}`);
      this.showsProgress = true;
    } else if (now - this.progressAt >= PROGRESS_EVERY_MS) {
      this.progressAt = now;
      this.stderr.write(`${line}\n`);
    }
  }

  /** Colours are for people. */
  style(style: keyof typeof STYLES, text: string): string {
    const plain = !this.stdout.isTTY || (this.env.NO_COLOR ?? '') !== '' || this.env.TERM === 'dumb';
    const [on, off] = STYLES[style];
    return plain ? text : `\u001b[${on}m${text}\u001b[${off}m`;
  }

  /** Resolves after a time, or at once when somebody presses Ctrl-C. */
  async wait(ms: number): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(ms, end);
      const { signal } = this;
      function end(): void {
        timer.cancel();
        signal.removeEventListener('abort', end);
        resolve();
      }
      signal.addEventListener('abort', end);
    });
  }

  private clearProgress(): void {
    if (this.showsProgress) this.stderr.write('\r\u001b[2K');
    this.showsProgress = false;
  }
}

/** Text of others as a terminal may get it: what would move the cursor, or turn the line around, is shown instead. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same for text of several lines. */
export function printableLines(text: string): string[] {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => printable(line.replaceAll('\t', '  ')));
}
