import type { ServerResponse } from 'node:http';
import { AddressPolicy } from '../../lib/transport/address-policy';
import type { ResolveHost } from '../../lib/transport/guarded-lookup';
import type { Answer, OutgoingRequest, Transport } from '../../lib/transport/transport';
import { certificate } from './localhost.certificate';
import { closeReceivers, deadUrl, httpReceiver, httpsReceiver, rawReceiver } from './receiver';

export interface TransportSettings {
  policy: AddressPolicy;
  resolveHost?: ResolveHost;
  responseBodyLimitBytes?: number;
  idleConnections?: number;
  idleConnectionMs?: number;
  tls?: { ca: string };
}

const loopback = new AddressPolicy({ allow: ['loopback'] });

/** A policy that changes its mind about an address between resolving a name and connecting to it. */
class FickleAddressPolicy extends AddressPolicy {
  private asked = 0;

  override permits(): boolean {
    return this.asked++ === 0;
  }
}

/** What every transport promises, whatever HTTP client it is made of. */
export function transportConformance(name: string, make: (settings: TransportSettings) => Transport): void {
  describe(`${name} as a transport`, () => {
    const open: Transport[] = [];

    const transport = (settings: Partial<TransportSettings> = {}): Transport => {
      const made = make({ policy: loopback, ...settings });
      open.push(made);
      return made;
    };

    const send = (request: Partial<OutgoingRequest>, settings?: Partial<TransportSettings>): Promise<Answer> =>
      transport(settings).send(aRequest(request));

    afterEach(async () => {
      await Promise.all(open.splice(0).map((made) => made.close()));
      await closeReceivers();
    });

    describe('sends what it is given', () => {
      it('sends the body byte for byte and says how long it is', async () => {
        const receiver = await httpReceiver();
        const body = ' {"name": "Zoë 🚚",\n\t"price":1.0}  ';
        await send({ url: receiver.url, body, headers: { 'content-type': 'application/json' } });
        expect(receiver.received[0]!.body).toEqual(Buffer.from(body));
        expect(receiver.received[0]!.headers['content-length']).toBe(String(Buffer.byteLength(body)));
      });

      it('sends the headers it is given, as they are spelled, and adds only a user agent', async () => {
        const receiver = await httpReceiver();
        await send({ url: receiver.url, headers: { 'X-Signature': 'a=b, c', 'webhook-id': 'evt_1' }, body: '{}' });
        const { headers, rawHeaders } = receiver.received[0]!;
        expect(rawHeaders).toEqual(expect.arrayContaining(['X-Signature', 'a=b, c', 'webhook-id', 'evt_1']));
        expect(Object.keys(headers).sort()).toEqual(
          ['connection', 'content-length', 'host', 'user-agent', 'webhook-id', 'x-signature'].sort(),
        );
        expect(headers['user-agent']).toMatch(/^nestjs-webhooks\/\d+\.\d+\.\d+/);
      });

      it('leaves the user agent to whoever names one', async () => {
        const receiver = await httpReceiver();
        await send({ url: receiver.url, headers: { 'User-Agent': 'Acme/2' } });
        expect(receiver.received[0]!.headers['user-agent']).toBe('Acme/2');
      });

      it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('sends %s with a body', async (method) => {
        const receiver = await httpReceiver();
        await send({ url: receiver.url, method, body: 'text' });
        expect(receiver.received[0]).toMatchObject({ method, body: Buffer.from('text') });
      });

      it('sends no body when there is none', async () => {
        const receiver = await httpReceiver();
        await send({ url: receiver.url, method: 'GET', body: undefined });
        expect(receiver.received[0]!.body).toHaveLength(0);
        expect(receiver.received[0]!.headers).not.toHaveProperty('content-type');
      });

      it('keeps the path and the query as they are', async () => {
        const receiver = await httpReceiver();
        await send({ url: receiver.at('127.0.0.1', '//a/b%20c?d=e&f') });
        expect(receiver.received[0]!.path).toBe('//a/b%20c?d=e&f');
      });

      it('speaks TLS', async () => {
        const receiver = await httpsReceiver();
        const answer = await send({ url: receiver.url }, { tls: { ca: certificate } });
        expect(answer).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
      });
    });

    describe('reports the answer', () => {
      it.each([200, 204, 304, 400, 404, 410, 429, 500, 503])('reports the status %i', async (status) => {
        const receiver = await httpReceiver((response) => response.writeHead(status).end());
        expect(await send({ url: receiver.url })).toMatchObject({ kind: 'response', status, truncated: false });
      });

      it('reports a redirect and does not follow it', async () => {
        const target = await httpReceiver();
        const receiver = await httpReceiver((response) => response.writeHead(307, { location: target.url }).end());
        const answer = await send({ url: receiver.url });
        expect(answer).toMatchObject({ kind: 'response', status: 307, headers: { location: target.url } });
        expect(target.connections).toBe(0);
      });

      it('reports the headers with lower-case names and repeated ones joined', async () => {
        const receiver = await httpReceiver((response) =>
          response.writeHead(200, { 'Retry-After': '120', 'Set-Cookie': ['a=1', 'b=2'], 'X-Twice': ['1', '2'] }).end(),
        );
        expect(await send({ url: receiver.url })).toMatchObject({
          headers: { 'retry-after': '120', 'set-cookie': 'a=1, b=2', 'x-twice': '1, 2' },
        });
      });

      it.each(['get', 'set', 'normalize', 'constructor', '__proto__'])(
        'is not confused by an answer with a header named %s',
        async (name) => {
          const receiver = await rawReceiver((socket) =>
            socket.end(`HTTP/1.1 200 OK\r\n${name}: x\r\ncontent-length: 2\r\n\r\nok`),
          );
          expect(await send({ url: receiver.url })).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
        },
      );

      it('waits for the answer itself after hints that come before it', async () => {
        const receiver = await httpReceiver((response) => {
          response.writeEarlyHints({ link: '</style.css>; rel=preload' });
          response.end('ok');
        });
        expect(await send({ url: receiver.url })).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
      });

      it('says how long the exchange took', async () => {
        const receiver = await httpReceiver();
        const { durationMs } = await send({ url: receiver.url });
        expect(durationMs).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(durationMs)).toBe(true);
      });
    });

    describe('keeps an excerpt of the body', () => {
      it('keeps a body of exactly the limit whole', async () => {
        const receiver = await httpReceiver((response) => response.end('x'.repeat(100)));
        const answer = await send({ url: receiver.url }, { responseBodyLimitBytes: 100 });
        expect(answer).toMatchObject({ body: 'x'.repeat(100), truncated: false });
      });

      it('cuts a longer body and counts its status all the same', async () => {
        const receiver = await httpReceiver((response) => response.end('x'.repeat(101)));
        const answer = await send({ url: receiver.url }, { responseBodyLimitBytes: 100 });
        expect(answer).toMatchObject({ kind: 'response', status: 200, body: 'x'.repeat(100), truncated: true });
      });

      it('cuts no character in two', async () => {
        const receiver = await httpReceiver((response) => response.end('éééé'));
        const answer = await send({ url: receiver.url }, { responseBodyLimitBytes: 5 });
        expect(answer).toMatchObject({ body: 'éé', truncated: true });
      });

      it('hangs up on 100 MB instead of downloading them', async () => {
        const receiver = await httpReceiver((response) => pour(response, 100));
        const answer = await send({ url: receiver.url });
        expect(answer).toMatchObject({ kind: 'response', status: 200, truncated: true });
        await receiver.allClosed();
        expect(receiver.bytesWritten).toBeLessThan(20_000_000);
      });

      it('does not unpack what is compressed', async () => {
        const receiver = await httpReceiver((response) =>
          response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all'),
        );
        expect(await send({ url: receiver.url })).toMatchObject({ status: 200, body: 'not gzip at all' });
      });

      it('replaces NUL, which not every database can store', async () => {
        const receiver = await httpReceiver((response) => response.end('a\0b'));
        expect(await send({ url: receiver.url })).toMatchObject({ body: 'a\uFFFDb' });
      });
    });

    describe('gives up when the time is up', () => {
      const timeoutMs = 100;
      const timedOut = { kind: 'failure', failure: 'timeout' };

      it('on an endpoint that never answers', async () => {
        const receiver = await httpReceiver(() => undefined);
        expect(await send({ url: receiver.url, timeoutMs })).toMatchObject(timedOut);
        await receiver.allClosed();
      });

      it('on an answer whose headers never end', async () => {
        const receiver = await rawReceiver((socket) => socket.write('HTTP/1.1 200 OK\r\nx-a: 1\r\n'));
        expect(await send({ url: receiver.url, timeoutMs })).toMatchObject(timedOut);
        await receiver.allClosed();
      });

      it('on a body that never ends, although its status was good', async () => {
        const receiver = await httpReceiver((response) => response.writeHead(200).write('a beginning'));
        expect(await send({ url: receiver.url, timeoutMs })).toMatchObject(timedOut);
        await receiver.allClosed();
      });

      it('on a body that drips', async () => {
        const receiver = await httpReceiver(drip);
        expect(await send({ url: receiver.url, timeoutMs })).toMatchObject(timedOut);
        await receiver.allClosed();
      });

      it('on a handshake that never ends', async () => {
        const receiver = await rawReceiver(() => undefined);
        expect(await send({ url: receiver.url.replace('http:', 'https:'), timeoutMs })).toMatchObject(timedOut);
        await receiver.allClosed();
      });

      it('on a name that never resolves', async () => {
        const resolveHost = () => undefined;
        expect(await send({ url: 'http://receiver.test/', timeoutMs }, { resolveHost })).toMatchObject(timedOut);
      });

      it('says how long it waited', async () => {
        const receiver = await httpReceiver(() => undefined);
        const { durationMs } = await send({ url: receiver.url, timeoutMs });
        expect(durationMs).toBeGreaterThanOrEqual(timeoutMs - 5);
      });
    });

    describe('makes an outcome of whatever goes wrong', () => {
      it('reports a refused connection, without the address', async () => {
        const answer = await send({ url: await deadUrl() });
        expect(answer).toMatchObject({
          failure: 'connection',
          detail: 'The endpoint refused the connection (ECONNREFUSED).',
        });
      });

      it('reports a connection that is reset before the answer', async () => {
        const receiver = await rawReceiver((socket) => socket.resetAndDestroy());
        expect(await send({ url: receiver.url })).toMatchObject({ kind: 'failure', failure: 'connection' });
        expect(receiver.connections).toBe(1);
      });

      it('reports a connection that is closed without a word', async () => {
        const receiver = await rawReceiver((socket) => socket.end());
        expect(await send({ url: receiver.url })).toMatchObject({ kind: 'failure', failure: 'connection' });
      });

      it.each([
        ['breaks off', (response: ServerResponse) => response.destroy()],
        ['is reset', (response: ServerResponse) => response.socket!.resetAndDestroy()],
      ])('does not count a good status whose body %s', async (_, end) => {
        const receiver = await httpReceiver((response) => {
          response.writeHead(200, { 'content-length': '100' });
          response.write('a beginning', () => end(response));
        });
        expect(await send({ url: receiver.url })).toMatchObject({ kind: 'failure', failure: 'connection' });
      });

      it.each([
        ['garbage', '\x00\x01\x02 this is not HTTP\r\n\r\n'],
        ['headers without an end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`],
        ['two contradicting lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
      ])('reports %s as not being HTTP', async (_, bytes) => {
        const receiver = await rawReceiver((socket) => socket.end(bytes));
        expect(await send({ url: receiver.url })).toMatchObject({ kind: 'failure', failure: 'protocol' });
      });

      it('reports an upgrade that nobody asked for', async () => {
        const receiver = await rawReceiver((socket) =>
          socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
        );
        expect(await send({ url: receiver.url, timeoutMs: 500 })).toMatchObject({ kind: 'failure' });
      });

      it('reports a certificate that nobody vouches for', async () => {
        const receiver = await httpsReceiver();
        expect(await send({ url: receiver.url })).toMatchObject({
          failure: 'tls',
          detail: 'No secure connection could be made (DEPTH_ZERO_SELF_SIGNED_CERT).',
        });
        expect(receiver.received).toHaveLength(0);
      });

      it('reports a certificate of somebody else', async () => {
        const receiver = await httpsReceiver();
        const settings = { tls: { ca: certificate }, resolveHost: resolvingTo('127.0.0.1') };
        expect(await send({ url: receiver.at('receiver.test') }, settings)).toMatchObject({ failure: 'tls' });
        expect(receiver.received).toHaveLength(0);
      });

      it('reports https to a port that speaks plain http', async () => {
        const receiver = await httpReceiver();
        expect(await send({ url: receiver.url.replace('http:', 'https:') })).toMatchObject({ failure: 'tls' });
      });

      it.each(['ENOTFOUND', 'EAI_AGAIN'])('reports a name that does not resolve (%s)', async (code) => {
        const resolveHost: ResolveHost = (_, __, callback) =>
          callback(Object.assign(new Error('getaddrinfo at 10.0.0.2'), { code }), []);
        expect(await send({ url: 'http://receiver.test/' }, { resolveHost })).toMatchObject({
          failure: 'dns',
          detail: `The host name could not be resolved (${code}).`,
        });
      });

      it('reports a name without an address', async () => {
        const answer = await send({ url: 'http://receiver.test/' }, { resolveHost: resolvingTo() });
        expect(answer).toMatchObject({ failure: 'dns' });
      });

      it.each<[string, Partial<OutgoingRequest>]>([
        ['a data: URL', { url: 'data:text/plain,hello' }],
        ['a file: URL', { url: 'file:///etc/passwd' }],
        ['a unix: URL', { url: 'unix:/var/run/docker.sock' }],
        ['a relative URL', { url: '/hook' }],
        ['a URL with credentials', { url: 'http://user:secret@127.0.0.1/' }],
        ['a URL with a fragment', { url: 'http://127.0.0.1/#part' }],
        ['a method it does not know', { method: 'CONNECT' }],
        ['a line break in a header', { headers: { 'x-a': 'a\r\nx-b: b' } }],
        ['a header that is not Latin', { headers: { 'x-a': '日本' } }],
        ['a header name with a space', { headers: { 'x a': 'b' } }],
        ['a header given twice', { headers: { 'x-a': '1', 'X-A': '2' } }],
        ['a content-length', { headers: { 'Content-Length': '1' } }],
        ['a transfer-encoding', { headers: { 'transfer-encoding': 'chunked' } }],
        ['a host', { headers: { Host: 'internal' } }],
        ['no time at all', { timeoutMs: 0 }],
        ['a time that is no number', { timeoutMs: NaN }],
      ])('sends nothing when given %s', async (_, flawed) => {
        const receiver = await httpReceiver();
        const answer = await send({ url: receiver.url, ...flawed });
        expect(answer).toMatchObject({ kind: 'failure', failure: 'invalid_request' });
        expect(receiver.connections).toBe(0);
      });
    });

    describe('connects to no address that the policy refuses', () => {
      const refused = {
        kind: 'failure',
        failure: 'address_refused',
        detail: 'The address of this endpoint is not allowed.',
        durationMs: 0,
      };
      const strict = new AddressPolicy();

      it.each(['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost', '127.0.0.1.'])(
        'spelled %s in the URL',
        async (host) => {
          const receiver = await httpReceiver();
          expect(await send({ url: receiver.at(host) }, { policy: strict })).toEqual(refused);
          expect(receiver.connections).toBe(0);
        },
      );

      it('that a name resolves to', async () => {
        const receiver = await httpReceiver();
        const settings = { policy: strict, resolveHost: resolvingTo('127.0.0.1') };
        expect(await send({ url: receiver.at('receiver.test') }, settings)).toEqual(refused);
        expect(receiver.connections).toBe(0);
      });

      it.each([
        ['first', ['127.0.0.1', '93.184.215.14']],
        ['last', ['93.184.215.14', '127.0.0.1']],
        ['in IPv6', ['93.184.215.14', '::ffff:127.0.0.1']],
      ])('that is among public ones, %s', async (_, addresses) => {
        const receiver = await httpReceiver();
        const settings = { policy: strict, resolveHost: resolvingTo(...addresses) };
        expect(await send({ url: receiver.at('receiver.test') }, settings)).toEqual(refused);
        expect(receiver.connections).toBe(0);
      });

      it.each(['http', 'https'])(
        'when only the open socket shows it (%s), and writes nothing to it',
        async (scheme) => {
          const receiver = await rawReceiver(() => undefined);
          const settings = { policy: new FickleAddressPolicy(), resolveHost: resolvingTo('127.0.0.1') };
          const url = receiver.at('receiver.test').replace('http', scheme);
          expect(await send({ url, body: 'secret' }, settings)).toEqual(refused);
          await receiver.allClosed();
          expect(receiver.bytesRead).toBe(0);
        },
      );

      it('unless the host allows its name', async () => {
        const receiver = await httpReceiver();
        const policy = new AddressPolicy({ allow: ['receiver.test'] });
        const settings = { policy, resolveHost: resolvingTo('127.0.0.1') };
        expect(await send({ url: receiver.at('receiver.test') }, settings)).toMatchObject({ status: 200 });
        expect(await send({ url: receiver.at('other.test') }, settings)).toEqual(refused);
      });
    });

    describe('keeps connections', () => {
      it('sends one request after the other over one connection', async () => {
        const receiver = await httpReceiver();
        const keeping = transport();
        for (let count = 0; count < 5; count++) await keeping.send(aRequest({ url: receiver.url, body: '{}' }));
        expect(receiver.received).toHaveLength(5);
        expect(receiver.connections).toBe(1);
      });

      it('over TLS too', async () => {
        const receiver = await httpsReceiver();
        const keeping = transport({ tls: { ca: certificate } });
        for (let count = 0; count < 3; count++) await keeping.send(aRequest({ url: receiver.url, body: '{}' }));
        expect(receiver.received).toHaveLength(3);
        expect(receiver.connections).toBe(1);
      });

      it('trusts no other name of an endpoint for having met it before', async () => {
        const receiver = await httpsReceiver((response) => response.writeHead(200, { connection: 'close' }).end());
        const keeping = transport({ tls: { ca: certificate }, resolveHost: resolvingTo('127.0.0.1') });
        for (const host of ['localhost', 'localhost']) {
          expect(await keeping.send(aRequest({ url: receiver.at(host) }))).toMatchObject({ status: 200 });
        }
        expect(await keeping.send(aRequest({ url: receiver.at('receiver.test') }))).toMatchObject({ failure: 'tls' });
      });

      it('makes another one when the endpoint did not want to keep the last', async () => {
        const receiver = await httpReceiver((response) => response.writeHead(200, { connection: 'close' }).end('ok'));
        const keeping = transport();
        for (let count = 0; count < 3; count++) {
          expect(await keeping.send(aRequest({ url: receiver.url, body: '{}' }))).toMatchObject({ status: 200 });
        }
        expect(receiver.connections).toBe(3);
      });

      it('keeps none when it may keep none', async () => {
        const receiver = await httpReceiver();
        await send({ url: receiver.url }, { idleConnections: 0 });
        await receiver.allClosed();
        expect(receiver.received[0]!.headers.connection).toBe('close');
      });

      it('sends as many requests at once to one origin as it is given', async () => {
        const waiting: ServerResponse[] = [];
        const receiver = await httpReceiver((response) => {
          if (waiting.push(response) === 50) for (const each of waiting) each.end();
        });
        const keeping = transport();
        const answers = await Promise.all(
          Array.from({ length: 50 }, () => keeping.send(aRequest({ url: receiver.url }))),
        );
        expect(answers.every((answer) => answer.kind === 'response')).toBe(true);
      });

      it('asks for a name once when several connections wait for it', async () => {
        const receiver = await httpReceiver();
        const resolveHost = jest.fn(resolvingTo('127.0.0.1'));
        const keeping = transport({ resolveHost });
        const url = receiver.at('receiver.test');
        await Promise.all(Array.from({ length: 10 }, () => keeping.send(aRequest({ url }))));
        expect(receiver.connections).toBe(10);
        expect(resolveHost).toHaveBeenCalledTimes(1);
      });

      it('sends once more, on a fresh connection, when those it kept have died', async () => {
        const waiting: ServerResponse[] = [];
        const receiver = await httpReceiver((response, { body }) => {
          const isReused = receiver.received.length > 2 && receiver.connections === 2;
          if (isReused) response.socket!.resetAndDestroy();
          else if (body.toString() === 'second') response.end('ok');
          else if (waiting.push(response) === 2) for (const each of waiting) each.end();
        });
        const keeping = transport();
        const first = aRequest({ url: receiver.url, body: 'first' });
        await Promise.all([keeping.send(first), keeping.send(first)]);
        expect(await keeping.send(aRequest({ url: receiver.url, body: 'second' }))).toMatchObject({ status: 200 });
        expect(receiver.received.map(({ body }) => body.toString())).toEqual(['first', 'first', 'second', 'second']);
      });

      it('does not send a third time', async () => {
        const receiver = await httpReceiver((response, { body }) => {
          if (body.toString() === 'first') response.end();
          else response.socket!.resetAndDestroy();
        });
        const keeping = transport();
        await keeping.send(aRequest({ url: receiver.url, body: 'first' }));
        const answer = await keeping.send(aRequest({ url: receiver.url, body: 'second' }));
        expect(answer).toMatchObject({ kind: 'failure', failure: 'connection' });
        expect(receiver.received).toHaveLength(3);
      });

      it('keeps them while it waits for an answer longer than it would keep an idle one', async () => {
        const receiver = await httpReceiver((response) => setTimeout(() => response.end('ok'), 100));
        const answer = await send({ url: receiver.url }, { idleConnectionMs: 20 });
        expect(answer).toMatchObject({ kind: 'response', status: 200 });
      });

      it('lets go of one that has been idle for long', async () => {
        const receiver = await httpReceiver();
        await send({ url: receiver.url }, { idleConnectionMs: 20 });
        await receiver.allClosed();
      });

      it('keeps no more idle ones than it may, over all endpoints, and those that were used last', async () => {
        const [often, seldom, late] = [await httpReceiver(), await httpReceiver(), await httpReceiver()];
        const keeping = transport({ idleConnections: 2 });
        for (const { url } of [often, seldom, often, late]) await keeping.send(aRequest({ url }));
        await seldom.allClosed();
        for (const { url } of [often, late]) await keeping.send(aRequest({ url }));
        expect([often, seldom, late].map(({ connections }) => connections)).toEqual([1, 1, 1]);
      });
    });

    describe('closes', () => {
      it('hangs up on requests in flight and says that it was not the endpoint', async () => {
        const receiver = await httpReceiver(() => undefined);
        const closing = transport();
        const arrived = receiver.nextRequest();
        const answer = closing.send(aRequest({ url: receiver.url }));
        await arrived;
        await closing.close();
        expect(await answer).toMatchObject({ kind: 'failure', failure: 'closed' });
        await receiver.allClosed();
      });

      it('lets go of the connections it kept', async () => {
        const receiver = await httpReceiver();
        const closing = transport();
        await closing.send(aRequest({ url: receiver.url }));
        await closing.close();
        await receiver.allClosed();
      });

      it('sends nothing afterwards', async () => {
        const receiver = await httpReceiver();
        const closed = transport();
        await closed.close();
        expect(await closed.send(aRequest({ url: receiver.url }))).toMatchObject({ failure: 'closed' });
        expect(receiver.connections).toBe(0);
      });
    });
  });
}

function aRequest(request: Partial<OutgoingRequest>): OutgoingRequest {
  return { method: 'POST', url: 'http://127.0.0.1/', headers: {}, timeoutMs: 10_000, ...request };
}

function resolvingTo(...addresses: string[]): ResolveHost {
  const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_hostname, _options, callback) => setImmediate(callback, null, answers);
}

function pour(response: ServerResponse, megabytes: number): void {
  const megabyte = Buffer.alloc(1_000_000, 'x');
  const more = () => {
    if (response.destroyed) return;
    if (megabytes-- > 0) response.write(megabyte, more);
    else response.end();
  };
  more();
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('.'), 10);
  response.on('close', () => clearInterval(timer));
}
