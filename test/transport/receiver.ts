import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { certificate, privateKey } from './localhost.certificate';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: string[];
  readonly body: Buffer;
}

type Respond = (response: http.ServerResponse, request: Received) => void;

const opened: Receiver[] = [];

/** A real server on the loopback interface that notes what reaches it. */
export class Receiver {
  readonly received: Received[] = [];
  readonly sockets: net.Socket[] = [];
  private readonly arrivals: (() => void)[] = [];

  constructor(
    private readonly server: net.Server,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('connection', (socket: net.Socket) => {
      socket.on('error', () => undefined);
      this.sockets.push(socket);
    });
    opened.push(this);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return this.at('127.0.0.1');
  }

  get connections(): number {
    return this.sockets.length;
  }

  /** Every byte that came in over all connections. */
  get bytesRead(): number {
    return this.sockets.reduce((sum, socket) => sum + socket.bytesRead, 0);
  }

  get bytesWritten(): number {
    return this.sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0);
  }

  at(host: string, path = '/hook'): string {
    return `${this.scheme}://${host}:${this.port}${path}`;
  }

  /** Resolves when the next request has come in whole. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => this.arrivals.push(resolve));
  }

  note(request: Received): void {
    this.received.push(request);
    this.arrivals.shift()?.();
  }

  /** Resolves when every connection made so far is closed. */
  async allClosed(): Promise<void> {
    await Promise.all(this.sockets.map(closed));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const respondsOk: Respond = (response) => response.end('ok');

export async function httpReceiver(respond: Respond = respondsOk): Promise<Receiver> {
  const server = http.createServer();
  return listening(answering(server, new Receiver(server, 'http'), respond), server);
}

export async function httpsReceiver(respond: Respond = respondsOk): Promise<Receiver> {
  const server = https.createServer({ cert: certificate, key: privateKey });
  server.on('tlsClientError', () => undefined);
  return listening(answering(server, new Receiver(server, 'https'), respond), server);
}

/** One server on each of several addresses of this machine, all on the same port. */
export async function listenersOnLoopback(respond: Respond): Promise<Receiver[]> {
  const receivers: Receiver[] = [];
  for (const address of ['127.0.0.1', '127.0.0.2', '127.255.255.254', '::1']) {
    const server = http.createServer();
    const receiver = answering(server, new Receiver(server, 'http'), respond);
    receivers.push(await listening(receiver, server, address, receivers[0]?.port));
  }
  return receivers;
}

/** Speaks whatever bytes the test wants, once a connection has sent its first ones. */
export async function rawReceiver(answer: (socket: net.Socket) => void): Promise<Receiver> {
  const server = net.createServer((socket) => socket.once('data', () => answer(socket)));
  return listening(new Receiver(server, 'http'), server);
}

/** The URL of a port of the loopback interface that nobody listens on. */
export async function deadUrl(): Promise<string> {
  const receiver = await httpReceiver();
  const { url } = receiver;
  await receiver.close();
  return url;
}

export async function closeReceivers(): Promise<void> {
  await Promise.all(opened.splice(0).map((receiver) => receiver.close()));
}

function answering(server: http.Server, receiver: Receiver, respond: Respond): Receiver {
  // Only the client lets go of idle connections, so that a test sees whether it does.
  server.keepAliveTimeout = 0;
  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers, rawHeaders } = request;
      const received = { method, path, headers, rawHeaders, body: Buffer.concat(chunks) };
      receiver.note(received);
      respond(response, received);
    });
  });
  return receiver;
}

function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

async function listening(receiver: Receiver, server: net.Server, address = '127.0.0.1', port = 0): Promise<Receiver> {
  server.listen(port, address);
  await once(server, 'listening');
  return receiver;
}
