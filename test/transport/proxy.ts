import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { once } from 'node:events';
import { certificate, privateKey } from './localhost.certificate';

export interface Asked {
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
}

type Answer = (socket: net.Socket, asked: Asked) => void;

/** A real egress proxy on the loopback interface, which leads every name to this machine. */
export class Proxy {
  readonly asked: Asked[] = [];
  readonly sockets: net.Socket[] = [];

  private constructor(
    private readonly server: http.Server,
    readonly scheme: 'http' | 'https',
    answer: Answer,
  ) {
    server.on('connection', (socket: net.Socket) => {
      socket.on('error', () => undefined);
      this.sockets.push(socket);
    });
    server.on('connect', ({ url = '', headers }: http.IncomingMessage, socket: net.Socket) => {
      const asked = { target: url, headers };
      this.asked.push(asked);
      socket.on('error', () => undefined);
      answer(socket, asked);
    });
  }

  static async start(answer: Answer = leadThrough, scheme: 'http' | 'https' = 'http'): Promise<Proxy> {
    const server = scheme === 'http' ? http.createServer() : https.createServer({ cert: certificate, key: privateKey });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Proxy(server, scheme, answer);
  }

  at(host = '127.0.0.1', credentials = ''): string {
    return `${this.scheme}://${credentials}${host}:${(this.server.address() as net.AddressInfo).port}`;
  }

  get targets(): string[] {
    return this.asked.map(({ target }) => target);
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

function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

/** Does what a proxy is for. */
export function leadThrough(socket: net.Socket, { target }: Asked): void {
  const port = Number(target.replace(/^.*:/, ''));
  const onward = net.connect({ host: '127.0.0.1', port }, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
}

/** Answers with these bytes and nothing more. */
export function saying(bytes: string): (socket: net.Socket) => void {
  return (socket) =>
    socket
      .resume()
      .on('end', () => socket.end())
      .write(bytes);
}
