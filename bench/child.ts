import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Commands, Order } from './commands';

const ROOT = join(__dirname, '..');
const LONGEST_END_MS = 20_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** A process of its own that does what it is told: see `obey` in commands.ts. */
export class Child<Known extends Commands> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(
    private readonly program: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (answer: Answer) => this.hear(answer));
    child.once('exit', () => this.giveUp());
  }

  /** Resolves when the program is ready. `program` is a file of bench/, `settings` what it reads by `settings()`. */
  static async start<Known extends Commands>(
    program: string,
    settings: object = {},
    env: NodeJS.ProcessEnv = {},
  ): Promise<Child<Known>> {
    const child = fork(join(__dirname, program), {
      cwd: ROOT,
      execArgv: ['--expose-gc', '-r', '@swc-node/register', ...profiling(program)],
      env: { ...process.env, ...env, BENCH_SETTINGS: JSON.stringify(settings) },
      serialization: 'advanced',
    });
    const started = new Child<Known>(program, child);
    await started.answerTo(0);
    return started;
  }

  /** Resolves with what the command answers. */
  async call<Name extends keyof Known & string>(
    name: Name,
    ...parameters: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const id = ++this.lastId;
    const answer = this.answerTo(id);
    this.child.send({ id, name, parameters } satisfies Order);
    return (await answer) as Awaited<ReturnType<Known[Name]>>;
  }

  /** Lets the process end what it holds, and kills it when it does not. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), LONGEST_END_MS);
    if (this.child.connected) this.child.disconnect();
    await exit;
    clearTimeout(timer);
  }

  private answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private hear(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(`${this.program}: ${answer.error}`));
    else waiting?.resolve(answer.result);
  }

  private giveUp(): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`${this.program} ended without an answer.`));
    this.waiting.clear();
  }
}

/** `BENCH_PROFILE=folder` writes a CPU profile of every process whose program is not the receiver. */
function profiling(program: string): string[] {
  const folder = process.env.BENCH_PROFILE;
  return folder && !program.startsWith('receiver') ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}
