import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AnswerHeaders, type AnswerOptions, Script } from './receiver-script';

export interface ReceivedRequest {
  readonly method: string;
  /** The path and the query, as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Exactly what was sent, decoded as UTF-8. */
  readonly body: string;
  /** When the last byte of the body had arrived. */
  readonly at: Date;
}

/** What a request is answered with, by what is in it; 'reset' breaks the connection off. */
export type Decide = (request: ReceivedRequest) => { status: number; headers?: AnswerHeaders; body?: string } | 'reset';

/** A real HTTP server on the loopback interface that records what it gets and answers as it is told. */
export class Receiver {
  /** The requests so far, in the order they arrived in. */
  readonly requests: ReceivedRequest[] = [];
  private script = new Script();
  private decide: Decide | undefined;
  private readonly arrivals = new EventEmitter();
  private readonly server = createServer((request, response) => void this.receive(request, response));

  private constructor() {
    this.arrivals.setMaxListeners(0);
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  url(path = '/'): string {
    const { port } = this.server.address() as AddressInfo;
    return new URL(path, `http://127.0.0.1:${port}`).href;
  }

  /** Begins a new script: `receiver.answers(503, { 'retry-after': '120' }).then(204)`. The last answer stays. */
  answers(status: number, headers?: AnswerHeaders, options?: AnswerOptions): Script {
    return (this.script = new Script().then(status, headers, options));
  }

  /** Begins a script with a request that is taken in and never answered. */
  hangs(): Script {
    return (this.script = new Script().thenHangs());
  }

  /** Begins a script with a connection that is reset once the request is in. */
  resets(): Script {
    return (this.script = new Script().thenResets());
  }

  /** Looks at each request to answer it. */
  decides(decide: Decide): void {
    this.decide = decide;
  }

  byPath(path: string): ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** Resolves once at least `count` requests have arrived. */
  async waitFor(count: number, timeoutMs = 10_000): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    while (this.requests.length < count) {
      await once(this.arrivals, 'request', { signal }).catch(() => {
        throw new Error(`Waited ${timeoutMs} ms for ${count} requests, but ${this.requests.length} came.`);
      });
    }
  }

  /** Forgets the requests and the script. */
  clear(): void {
    this.requests.length = 0;
    this.decide = undefined;
    this.script = new Script();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return; // the sender went away in the middle of it
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body, at: new Date() };
    this.requests.push(received);
    (this.decide ? decided(this.decide(received)) : this.script).next()(response);
    this.arrivals.emit('request');
  }
}

function decided(answer: ReturnType<Decide>): Script {
  const script = new Script();
  return answer === 'reset' ? script.thenResets() : script.then(answer.status, answer.headers, { body: answer.body });
}
