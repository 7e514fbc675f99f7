import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledSource } from '../support/compiled-source';
import { call } from './command-line';

const DOCUMENT = {
  asyncapi: '3.0.0',
  info: { title: 'Shop', version: '1' },
  components: {
    messages: {
      'order.shipped': {
        title: 'order.shipped',
        summary: 'Left. \u001b[31mred',
        payload: { $ref: '#/components/schemas/OrderShippedEvent' },
      },
    },
    schemas: {
      OrderShippedEvent: {
        type: 'object',
        required: ['type', 'data'],
        properties: {
          type: { const: 'order.shipped' },
          data: { type: 'object', properties: { id: { type: 'string' } } },
        },
      },
    },
  },
};

describe.each(['types', 'docs'])('npx nestjs-webhooks %s', (command) => {
  const expected = command === 'types' ? 'export interface OrderShippedEvent {' : '### `order.shipped`';
  let folder: string;
  let file: string;
  let server: Server;
  let url: string;
  let seen: (string | undefined)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'webhooks-cli-'));
    file = join(folder, 'asyncapi.json');
    writeFileSync(file, JSON.stringify(DOCUMENT));
    seen = [];
    server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
      else if (request.url === '/none') response.writeHead(403).end();
      else response.end(JSON.stringify(DOCUMENT));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await new Promise((resolve) => server.close(resolve));
  });

  it('prints what it makes of a file, and nothing that moves the cursor', async () => {
    const { code, out, err } = await call([command, file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(expected);
    expect(out).not.toContain('\u001b');
    if (command === 'types') expect(compiledSource(out)).toEqual([]);
  });

  it('writes what it makes into a file', async () => {
    const made = join(folder, 'made');
    expect(await call([command, file, '--out', made])).toEqual({ code: 0, out: '', err: `Wrote ${made}.\n` });
    expect(readFileSync(made, 'utf8')).toContain(expected);
    expect((await call([command, file, '--out', join(folder, 'no', 'made')])).err).toContain('cannot be written');
  });

  it('reads a URL of this machine, with a header that the command or the environment says', async () => {
    expect((await call([command, url])).out).toContain(expected);
    await call([command, url, '--header', 'Authorization: Bearer one']);
    await call([command, url], { env: { WEBHOOKS_HEADER: 'authorization: Bearer two' } });
    expect(seen).toEqual([undefined, 'Bearer one', 'Bearer two']);
  });

  it.each([
    ['http://example.com/asyncapi.json', 2, 'Expected a URL with https'],
    ['http://127.0.0.1.example.com/', 2, 'Expected a URL with https'],
    ['/nowhere/asyncapi.json', 1, '/nowhere/asyncapi.json cannot be read'],
    [__filename, 1, 'It is not JSON'],
    [join(__dirname, '../../package.json'), 1, 'Expected an AsyncAPI 3 document'],
  ])('says why it cannot use %s', async (source, code, message) => {
    const printed = await call([command, source]);
    expect(printed.code).toBe(code);
    expect(printed.err).toContain(message);
  });

  it('follows no redirect, and says what it was answered', async () => {
    expect(await call([command, `${url}/moved`])).toMatchObject({ code: 1, out: '' });
    expect(seen).toHaveLength(1);
    expect((await call([command, `${url}/none`])).err).toContain(
      '/none cannot be read: the answer is 403. Give the header',
    );
    expect((await call([command])).err).toContain('Expected a document: a file or a URL.');
    expect((await call([command, url, '--header', 'nonsense'])).err).toContain('Expected --header to be');
  });
});
