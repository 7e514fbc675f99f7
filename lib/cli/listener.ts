import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

const MOST_BYTES = 1_048_576;

/** A request as it came in. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Its body, as far as it is kept. */
  readonly body: Buffer;
  /** Whether the body was longer than that. */
  readonly cut: boolean;
}

/** What decides on the status that a request is answered with. */
export type Answering = (arrival: Arrival) => Promise<number>;

/** A small HTTP server that reads each request whole and answers it with a status. */
export class Listener {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answering: Answering, { host, port }: { host: string; port: number }): Promise<Listener> {
    const server = createServer((request, response) => void answer(request, response, answering));
    server.listen(port, host);
    await once(server, 'listening');
    const { address, port: actual, family } = server.address() as AddressInfo;
    return new Listener(server, `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}/`);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, answering: Answering): Promise<void> {
  try {
    const { method = '', url: path = '/', headers } = request;
    const status = await answering({ method, path, headers, ...(await bodyOf(request)) });
    response.writeHead(status).end();
  } catch {
    response.destroy();
  }
}

async function bodyOf(request: IncomingMessage): Promise<Pick<Arrival, 'body' | 'cut'>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MOST_BYTES) chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), cut: length > MOST_BYTES };
}
