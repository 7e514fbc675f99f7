import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(__dirname, '..', '..');

describe('npm run demo', () => {
  let temporary: string;

  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'webhooks-demo-spec-'));
  });

  afterEach(() => rm(temporary, { recursive: true, force: true }));

  it('shows a webhook that fails twice and arrives, ends by itself and leaves nothing behind', async () => {
    const { code, output, errors } = await run('demo', temporary);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/order\.created +evt_/);
    expect(output.match(/attempt \d +\d+/g)).toEqual([
      'attempt 1      503',
      'attempt 2      503',
      'attempt 3      204',
    ]);
    expect(output).toContain('signature verified, 3 of 3');
    expect(output).toContain('Delivered at attempt 3');
    expect(output).not.toContain('\u001b');
    const left = await readdir(temporary);
    expect(left.filter((name) => !name.startsWith('swc-node'))).toEqual([]);
  });
});

/** Runs a script of package.json as npm does, with a directory of its own for temporary files. */
async function run(script: string, temporary: string): Promise<{ code: unknown; output: string; errors: string }> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Package;
  const environment = { ...process.env, TMPDIR: temporary, NO_COLOR: '1' };
  const child = spawn(scripts[script]!, { cwd: ROOT, env: environment, shell: true, timeout: 25_000 });
  const ended = once(child, 'close') as Promise<[unknown]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, errors };
}

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}
