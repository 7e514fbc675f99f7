import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { AddressPolicy } from '../../lib/transport/address-policy';
import { closeReceivers, rawReceiver } from './receiver';
import { aRequest, describeTransports } from './transports';

const policy = new AddressPolicy({ allow: ['loopback'] });
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

function ok(body: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Sends a beginning, and then the same over and over until it is hung up on. */
function flooding(beginning: string, more: string): (socket: Socket) => void {
  return (socket) => {
    const pour = () => void (socket.destroyed || socket.write(more, () => setImmediate(pour)));
    socket.write(beginning, pour);
  };
}

describeTransports('and answers that are meant to harm', (transports) => {
  afterEach(closeReceivers);

  describe.each<[string, string]>([
    ['a second answer', ok('unasked')],
    ['a second answer that has only begun', 'HTTP/1.1 200 OK\r\nx-a: '],
    ['more body than it announced', 'x'.repeat(10)],
    ['a second answer after blank lines', `\r\n\r\n${ok('unasked')}`],
  ])('does not take %s for the answer to the next request', (_, unasked) => {
    const first = ok('first');

    it('when it comes along with the first', async () => {
      const receiver = await rawReceiver((socket) => {
        socket.write(receiver.connections === 1 ? first + unasked : ok('second'));
        socket.on('data', () => socket.write(ok('second')));
      });
      const transport = transports.make({ policy });
      expect(await transport.send(aRequest({ url: receiver.url }))).toMatchObject({ status: 200, body: 'first' });
      expect(await transport.send(aRequest({ url: receiver.url }))).toMatchObject({ status: 200, body: 'second' });
    });

    it('when it comes while the connection is kept', async () => {
      const receiver = await rawReceiver((socket) => socket.write(receiver.connections === 1 ? first : ok('second')));
      const transport = transports.make({ policy });
      expect(await transport.send(aRequest({ url: receiver.url }))).toMatchObject({ status: 200, body: 'first' });
      receiver.sockets[0]!.write(unasked);
      await receiver.allClosed();
      expect(await transport.send(aRequest({ url: receiver.url }))).toMatchObject({ status: 200, body: 'second' });
      expect(receiver.connections).toBe(2);
    });
  });

  it('does not mix up answers when one came before its request was sent whole', async () => {
    const receiver = await rawReceiver((socket) => {
      socket.write(ok(receiver.connections === 1 ? 'early' : 'second'));
      socket.on('data', (chunk) => chunk.includes('POST') && socket.write(ok('second')));
    });
    const transport = transports.make({ policy });
    const url = receiver.url;
    const early = await transport.send(aRequest({ url, body: 'x'.repeat(8_000_000) }));
    expect(early).toMatchObject({ kind: 'response', body: 'early' });
    expect(await transport.send(aRequest({ url }))).toMatchObject({ kind: 'response', body: 'second' });
  });

  it.each([
    ['length', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ['length beyond all numbers', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\nabc'],
    ['length below zero', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nabc'],
    ['chunk size', `${chunked}zz\r\nabc\r\n0\r\n\r\n`],
    ['chunk size beyond all numbers', `${chunked}fffffffffffffffff\r\nabc`],
    ['folded header', 'HTTP/1.1 200 OK\r\nx-a: b\r\n c: d\r\ncontent-length: 2\r\n\r\nok'],
    ['header with NUL', 'HTTP/1.1 200 OK\r\nx-a: a\0b\r\ncontent-length: 2\r\n\r\nok'],
    ['line end', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
    ['status', 'HTTP/1.1 2000 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['version', 'HTTP/2 200\r\n\r\n'],
    ['protocol', '<html>It works!</html>'],
  ])('takes no answer with a wrong %s', async (_, bytes) => {
    const receiver = await rawReceiver((socket) => socket.end(bytes));
    const answer = await transports.send({ url: receiver.url }, { policy });
    expect(['protocol', 'connection']).toContain(answer.kind === 'failure' && answer.failure);
    await receiver.allClosed();
  });

  it.each([
    ['hints', flooding('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100))],
    ['invitations to go on', flooding('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))],
    ['headers', flooding('HTTP/1.1 200 OK\r\n', `x-a: ${'x'.repeat(1_000)}\r\n`)],
    ['one header', flooding('HTTP/1.1 200 OK\r\nx-a: ', 'x'.repeat(10_000))],
    ['trailers', flooding(`${chunked}1\r\nx\r\n0\r\n`, `x-a: ${'x'.repeat(1_000)}\r\n`)],
    ['one chunk extension', flooding(`${chunked}1;a=`, 'x'.repeat(60_000))],
    ['chunk extensions', flooding(chunked, `1;a=${'x'.repeat(15_000)}\r\nx\r\n`)],
    ['reason', flooding('HTTP/1.1 200 ', 'x'.repeat(10_000))],
  ])('hangs up on %s without end', async (_, flood) => {
    const receiver = await rawReceiver(flood);
    const answer = await transports.send({ url: receiver.url }, { policy });
    expect(['protocol', 'connection']).toContain(answer.kind === 'failure' && answer.failure);
    await receiver.allClosed();
    expect(receiver.bytesWritten).toBeLessThan(10_000_000);
  });

  it('hangs up on a body of tiny chunks without end, and keeps its beginning', async () => {
    const receiver = await rawReceiver(flooding(chunked, '1\r\nx\r\n'.repeat(5_000)));
    const answer = await transports.send({ url: receiver.url }, { policy });
    expect(answer).toMatchObject({ kind: 'response', status: 200, body: 'x'.repeat(16_384), truncated: true });
    await receiver.allClosed();
  });

  it('does not wait for the end of a body that has reached the limit', async () => {
    const receiver = await rawReceiver((socket) => socket.write(`${chunked}4001\r\n${'x'.repeat(0x4001)}\r\n`));
    const answer = await transports.send({ url: receiver.url }, { policy });
    expect(answer).toMatchObject({ kind: 'response', truncated: true });
  });

  it('keeps a bomb packed: what counts are the bytes that came', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
    const receiver = await rawReceiver((socket) => socket.write(Buffer.concat([Buffer.from(head), bomb])));
    const answer = await transports.send({ url: receiver.url }, { policy });
    expect(answer).toMatchObject({ kind: 'response', truncated: true });
    expect(Buffer.byteLength((answer as { body: string }).body)).toBeLessThan(3 * 16_384);
  });

  it.each([
    ['UTF-8 that breaks off', 'text/plain; charset=utf-8', 'a\xc3', 'a\uFFFD'],
    ['what no UTF-8 is', 'text/plain', '\xff\xfe\x80', '\uFFFD\uFFFD\uFFFD'],
    ['another charset', 'text/plain; charset=utf-16le', 'a\0', 'a\uFFFD'],
    ['a charset that nobody knows', 'text/plain; charset=x-evil', 'abc', 'abc'],
    ['surrogates in UTF-8', 'text/plain', '\xed\xa0\x80', '\uFFFD\uFFFD\uFFFD'],
    ['markup', 'text/html', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('keeps %s as UTF-8 text, whatever the headers say', async (_, type, bytes, body) => {
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    const receiver = await rawReceiver((socket) => socket.write(Buffer.from(head + bytes, 'latin1')));
    expect(await transports.send({ url: receiver.url }, { policy })).toMatchObject({ kind: 'response', body });
  });

  it('follows nothing that an answer says of where to go next time', async () => {
    const elsewhere = await rawReceiver((socket) => socket.write(ok('elsewhere')));
    const bait = [
      'strict-transport-security: max-age=99999',
      `alt-svc: h2="127.0.0.1:${elsewhere.port}"`,
      `refresh: 0; url=${elsewhere.url}`,
      `location: ${elsewhere.url}`,
      'set-cookie: a=b',
    ].join('\r\n');
    const receiver = await rawReceiver((socket) =>
      socket
        .on('data', () => undefined)
        .write(`HTTP/1.1 200 OK\r\n${bait}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`),
    );
    const transport = transports.make({ policy });
    for (let count = 0; count < 2; count++)
      expect(await transport.send(aRequest({ url: receiver.url }))).toMatchObject({ status: 200, body: '' });
    expect([receiver.connections, elsewhere.connections]).toEqual([2, 0]);
  });
});
