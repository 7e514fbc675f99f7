import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { SystemClock } from '../../lib/shared/clock';
import { describeEachDatabase } from '../support/databases';
import { publish, worldForEach } from './world';

const ROOT = join(__dirname, '../..');
const PROGRAM = ['-r', '@swc-node/register', 'lib/cli.ts'];

/** What the program prints in a process of its own. */
async function printed(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', ...env } };
  return (await promisify(execFile)(process.execPath, [...PROGRAM, ...args], options)).stdout;
}

describe('The program', () => {
  it('is what npx finds', () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> };
    expect(bin).toEqual({ 'nestjs-webhooks': 'dist/cli.js' });
    expect(readFileSync(join(ROOT, 'lib/cli.ts'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('ends with the exit code of its command', async () => {
    await expect(printed(['statsu'])).rejects.toMatchObject({ code: 2, stdout: '' });
    await expect(printed(['status', '--database', '/nowhere/at.all'])).rejects.toMatchObject({ code: 1, stdout: '' });
    expect(await printed(['--help'])).toContain('Commands');
  });

  it('ends in good order after Ctrl-C', async () => {
    const child = spawn(process.execPath, [...PROGRAM, 'listen', '--port', '0'], { cwd: ROOT });
    const [said, ended] = [text(child.stdout), once(child, 'exit')];
    for await (const line of createInterface(child.stderr)) {
      const url = /Listening on (\S+)/.exec(line)?.[1];
      if (url === undefined) continue;
      await fetch(url, { method: 'POST', body: '{"type":"order.created"}' });
      child.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
    expect(await said).toContain('order.created  attempt 1  not verified  → 204');
  });

  it('is nothing that a host loads', () => {
    const asked = `require('./lib/index.ts'); console.log(Object.keys(require.cache).join('\\n'))`;
    const loaded = execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', asked], { cwd: ROOT }).toString();
    expect(loaded).toContain(join(ROOT, 'lib/webhooks.module.ts'));
    expect(loaded.split('\n').filter((path) => path.startsWith(join(ROOT, 'lib/cli')))).toEqual([]);
  });
});

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('works in a process of its own, beside a host that delivers', async () => {
    const { world } = given;
    const env = { WEBHOOKS_DATABASE_URL: world.handle.url };
    expect(await printed(['migrate'], env)).toContain('from version 0 to 1.');
    const webhooks = { schema: 'verify', leaseMs: 1_000, pollMs: 10 } as const;
    const host = await world.host({ clock: new SystemClock(), webhooks });
    const { id } = await host.subscribe();
    await publish(host, 2);
    expect(await printed(['status'], env)).toMatch(/Processes +1$/m);
    expect(await printed(['replay', id, '--from', '1h', '--only', 'all'], env)).toContain('2 deliveries on the way.');
    await host.receiver.waitFor(4);
    const { data } = JSON.parse(await printed(['deliveries', '--json', '--limit', '1'], env)) as {
      data: { id: string }[];
    };
    expect(await printed(['resend', data[0]!.id], env)).toMatch(/^taken, status 204, in \d+ ms\n$/);
    expect(host.receiver.requests).toHaveLength(5);
  });
});
