import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standardWebhooks } from 'nestjs-webhooks';
import { compilerMessages } from './support/compiler';

const docs = join(__dirname, '../docs');
const pages = readdirSync(docs).filter((name) => name.endsWith('.md'));

/** Every code block of a language, by a file name that is made of its page and its place there. */
function blocksIn(language: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of pages) {
    const blocks = readFileSync(join(docs, page), 'utf8').matchAll(
      new RegExp(`(?:<!-- run: (\\S+) -->\\n\\n)?\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'),
    );
    for (const [, name, code] of blocks) found.set(`${name ?? `${page}-${found.size}`}.${language}`, code!);
  }
  return found;
}

describe('The pages in docs/', () => {
  const work = join(__dirname, '.work');
  const typescript = blocksIn('ts');
  let folder: string;

  beforeAll(() => {
    mkdirSync(work, { recursive: true });
    folder = mkdtempSync(join(work, 'docs-'));
    for (const [name, code] of typescript) writeFileSync(join(folder, name), code);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('show TypeScript that compiles', () => {
    expect(typescript.size).toBeGreaterThanOrEqual(2);
    expect(compilerMessages([...typescript.keys()].map((name) => join(folder, name)))).toEqual([]);
  });

  describe('on signatures', () => {
    const scheme = standardWebhooks();
    const secret = scheme.generateSecret();
    const body = '{"type":"order.created","data":{"id":1}}';

    const url = 'https://example.com/';

    function signed(text = body): { headers: Record<string, string>; body: string } {
      const timestamp = Math.floor(Date.now() / 1000);
      return {
        headers: scheme.sign({ id: 'evt_1', timestamp, method: 'POST', url, body: text }, [secret]),
        body: text,
      };
    }

    it('show a receiver that answers 200, 401 and 400', async () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- it was written a moment ago
      const { receive } = require(join(folder, 'receive.ts')) as { receive: (request: Request) => Promise<Response> };
      jest.replaceProperty(process, 'env', { ...process.env, WEBHOOK_SECRET: secret });
      const answer = (given: object) => receive(new Request(url, { method: 'POST', ...given }));
      const taken = await answer(signed());
      expect([taken.status, await taken.json()]).toEqual([200, { id: 'evt_1', type: 'order.created' }]);
      expect((await answer({ ...signed(), body: '{}' })).status).toBe(401);
      expect((await answer(signed('not JSON'))).status).toBe(400);
    });

    it('show a receiver of batches that names what it could not handle', async () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- it was written a moment ago
      const { receive } = require(join(folder, 'receive-batch.ts')) as {
        receive: (request: Request, handle: (event: { id: string }) => Promise<void>) => Promise<Response>;
      };
      jest.replaceProperty(process, 'env', { ...process.env, WEBHOOK_SECRET: secret });
      const handle = ({ id }: { id: string }) => (id === 'evt_2' ? Promise.reject(new Error(id)) : Promise.resolve());
      const batch = signed(JSON.stringify({ type: 'webhooks.batch', data: [{ id: 'evt_1' }, { id: 'evt_2' }] }));
      const answer = await receive(new Request(url, { method: 'POST', ...batch }), handle);
      expect([answer.status, await answer.json()]).toEqual([200, { failed: ['evt_2'] }]);
      expect((await receive(new Request(url, { method: 'POST', ...batch, body: '{}' }), handle)).status).toBe(401);
    });

    const python = spawnSync('python3', ['--version']).status === 0;
    (python ? it : it.skip)(`show Python that verifies${python ? '' : ' (skipped: there is no python3)'}`, () => {
      const code = blocksIn('python').get('verify.python')!;
      const asked =
        'import json, sys\ngiven = json.load(sys.stdin)\nprint(verify(*given[:1], given[1].encode(), given[2]))';
      const verdict = ({ headers, body: text }: ReturnType<typeof signed>) =>
        execFileSync('python3', ['-c', `${code}\n${asked}`], { input: JSON.stringify([headers, text, secret]) });
      expect(verdict(signed()).toString()).toBe('True\n');
      expect(verdict({ ...signed(), body: '{}' }).toString()).toBe('False\n');
    });
  });
});
