import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a test may tell a host to do. */
export type HostCommand =
  { do: 'subscribe'; urls: string[] } | { do: 'publish'; count: number } | { do: 'publish and die' } | { do: 'end' };

type Answer = { done: string } | { failed: string };

/** A host in a process of its own. */
export class ChildHost {
  private constructor(private readonly child: ChildProcess) {}

  static async start(databaseUrl: string): Promise<ChildHost> {
    const child = fork(join(__dirname, 'host.process.ts'), {
      cwd: join(__dirname, '../..'),
      execArgv: ['-r', '@swc-node/register'],
      env: { ...process.env, DATABASE_URL: databaseUrl, NODE_OPTIONS: '' },
    });
    const host = new ChildHost(child);
    await host.answer();
    return host;
  }

  /** Resolves when it is done. */
  async tell(command: HostCommand): Promise<void> {
    const answer = this.answer();
    this.child.send(command);
    await answer;
  }

  /** Publishes one event in a transaction and is dead right after the commit. */
  async publishAndDie(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.send({ do: 'publish and die' } satisfies HostCommand);
    await exit;
  }

  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.send({ do: 'end' } satisfies HostCommand);
    await exit;
  }

  private async answer(): Promise<void> {
    const exit = once(this.child, 'exit').then(() => ({ failed: 'the process ended' }));
    const message = once(this.child, 'message').then(([answer]) => answer as Answer);
    const answer = await Promise.race([message, exit]);
    if ('failed' in answer) throw new Error(`The host process failed: ${answer.failed}`);
  }
}
