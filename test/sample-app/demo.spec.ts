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
    expect(await leftIn(temporary)).toEqual([]);
  });

  it.each([
    [
      'readycloud',
      'POST /api/v2/orgs/1/webhooks/?bearer_token=acme-key',
      /PUT \/orders\/[0-9a-f-]{36}\n/,
      'HTTP_AUTH:',
    ],
    ['ewarehousing', 'POST /webhooks/', 'POST /hook\n', 'X-Hmac-SHA256:'],
    ['packcloud', 'POST /v1/organizations/acme/webhooks', 'POST /hook\n', 'Signature:'],
  ])('-- --contract %s shows the documented request and the received one', async (contract, asked, received, proof) => {
    const { code, output, errors } = await run('demo', temporary, `--contract ${contract}`);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const [, subscription, change, arrival, ending] = output.split(/\n {2}\d {2}/);
    expect(subscription).toContain(`→ ${asked}\n`);
    expect(subscription).toContain('← 201 Created\n');
    expect(change).toMatch(/→ (PATCH|POST) \/orders\/.*\n(.*\n)+ +← 200 OK/);
    expect(arrival).toMatch(received);
    expect(arrival).toContain(proof);
    expect(arrival).toContain('"reference": "A-100');
    expect(ending).toMatch(/✔ .*\n\n {2}Received as .*, \d+ ms after the change\.\n/);
    expect(await leftIn(temporary)).toEqual([]);
  });

  it('-- --contract names the contracts that there are, when it is asked for another', async () => {
    const { code, output, errors } = await run('demo', temporary, '--contract github');
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('Expected --contract to be one of readycloud, ewarehousing, packcloud, got "github".');
  });
});

async function leftIn(temporary: string): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => !name.startsWith('swc-node'));
}

interface Run {
  readonly code: unknown;
  readonly output: string;
  readonly errors: string;
}

/** Runs a script of package.json as npm does, with a directory of its own for temporary files. */
async function run(script: string, temporary: string, args = ''): Promise<Run> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Package;
  const environment = { ...process.env, TMPDIR: temporary, NO_COLOR: '1' };
  const child = spawn(`${scripts[script]!} ${args}`, { cwd: ROOT, env: environment, shell: true, timeout: 25_000 });
  const ended = once(child, 'close') as Promise<[unknown]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, errors };
}

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}
