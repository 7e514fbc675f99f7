import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawRequest {
  readonly method: string;
  /** The path and the query, sent as they are. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** After so long nobody will answer any more. */
const HANGS_MS = 20_000;

/** An HTTP client that puts nothing right: what a `fetch` would tidy up or refuse goes out as it is. */
export class RawClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly origin: string) {}

  async send(sent: RawRequest): Promise<RawAnswer> {
    const outgoing = this.opened(sent);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on('response', resolve).on('error', reject);
    });
    outgoing.end(sent.body);
    try {
      const answer = await answered;
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
    } catch (error) {
      // The host had closed the connection before it could see the request.
      if (outgoing.reusedSocket && (error as { code?: string }).code === 'ECONNRESET') return this.send(sent);
      throw error;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private opened({ method, path, headers = {}, body }: RawRequest) {
    const { hostname, port } = new URL(this.origin);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const signal = AbortSignal.timeout(HANGS_MS);
    const all = { ...length, ...headers };
    return request({ host: hostname, port, method, path, headers: all, agent: this.agent, signal });
  }
}
