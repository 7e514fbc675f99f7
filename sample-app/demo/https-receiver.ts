import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What the receiver shows to whoever connects, and what they have to trust. */
export const LOCALHOST_CERTIFICATE = readFileSync(join(__dirname, 'localhost.pem'));

/** A request exactly as it arrived. */
export interface Arrival {
  readonly arrivedAt: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names as they were written, each with its value. */
  readonly writtenHeaders: readonly (readonly [name: string, value: string])[];
  readonly rawBody: string;
}

/** The server of a subscriber whose contract demands https. */
export class HttpsReceiver {
  readonly arrivals: Arrival[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.take(request, response));
  }

  static async start(): Promise<HttpsReceiver> {
    const server = createServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_CERTIFICATE });
    const receiver = new HttpsReceiver(server);
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return receiver;
  }

  url(path: string): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = Date.now();
    const { method = '', url: path = '', headers, rawHeaders } = request;
    const writtenHeaders = rawHeaders.flatMap((name, at) => (at % 2 ? [] : [[name, rawHeaders[at + 1]!] as const]));
    this.arrivals.push({ arrivedAt, method, path, headers, writtenHeaders, rawBody: await text(request) });
    response.writeHead(204).end();
  }
}
