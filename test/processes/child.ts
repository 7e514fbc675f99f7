import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import type { Answer, Commands, Order, Report } from './commands';

const ROOT = join(__dirname, '../..');
const LONGEST_END_MS = 20_000;

export interface ChildOptions<Notice> {
  /** What the program reads by `settings()`. */
  readonly settings?: object;
  readonly env?: NodeJS.ProcessEnv;
  /** What Node is told, besides how to read TypeScript. */
  readonly nodeOptions?: readonly string[];
  /** Hears what the process says without having been asked. */
  readonly onNotice?: (notice: Notice) => void;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** A process of its own that does what it is told: see `obey` in commands.ts. */
export class Child<Known extends Commands, Notice = never> {
  /** Resolves when the process is gone, however it went. */
  readonly gone: Promise<unknown>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(
    private readonly program: string,
    private readonly child: ChildProcess,
    private readonly onNotice: (notice: Notice) => void,
  ) {
    this.gone = once(child, 'exit');
    // A process that is paused would not even notice that its parent has gone.
    const lastResort = () => child.kill('SIGKILL');
    process.once('exit', lastResort);
    child.on('message', (message: Answer | Report<Notice>) => this.hear(message));
    child.once('exit', () => {
      process.off('exit', lastResort);
      this.giveUp();
    });
  }

  /** Resolves when the program, a TypeScript file that calls `obey`, is ready. */
  static async start<Known extends Commands, Notice = never>(
    file: string,
    { settings = {}, env = {}, nodeOptions = [], onNotice = () => undefined }: ChildOptions<Notice> = {},
  ): Promise<Child<Known, Notice>> {
    const child = fork(file, {
      cwd: ROOT,
      execArgv: [...nodeOptions, '-r', '@swc-node/register'],
      // Not what Jest may have been given, such as a debugger's port.
      env: { ...process.env, NODE_OPTIONS: '', ...env, CHILD_SETTINGS: JSON.stringify(settings) },
      serialization: 'advanced',
    });
    const started = new Child<Known, Notice>(basename(file), child, onNotice);
    await started.answerTo(0);
    return started;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves with what the command answers. */
  async call<Name extends keyof Known & string>(
    name: Name,
    ...parameters: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const id = ++this.lastId;
    const answer = this.answerTo(id);
    this.child.send({ id, name, parameters } satisfies Order, (error) => error && this.reject(id, error));
    return (await answer) as Awaited<ReturnType<Known[Name]>>;
  }

  /** Lets the process end what it holds, and kills it when it does not. */
  async end(): Promise<void> {
    if (this.isGone) return;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), LONGEST_END_MS);
    if (this.child.connected) this.child.disconnect();
    await this.gone;
    clearTimeout(timer);
  }

  /** Ends the process in the midst of whatever it does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  /** Takes all processor time from the process, until it is resumed. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  private answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private hear(message: Answer | Report<Notice>): void {
    if ('notice' in message) return this.onNotice(message.notice);
    if ('error' in message) return this.reject(message.id, new Error(message.error));
    this.waiting.get(message.id)?.resolve(message.result);
    this.waiting.delete(message.id);
  }

  private reject(id: number, error: Error): void {
    this.waiting.get(id)?.reject(new Error(`${this.program}: ${error.message}`, { cause: error }));
    this.waiting.delete(id);
  }

  private giveUp(): void {
    for (const id of [...this.waiting.keys()]) this.reject(id, new Error('ended without an answer.'));
  }
}
