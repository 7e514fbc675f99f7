import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { react, reaction } from './manners';
import type { Subscriber } from './market';

/** A request as the receiver saw it. */
export interface Arrival {
  /** Who sent it: what the host calls itself. */
  readonly sender: string;
  readonly path: string;
  readonly eventId: string;
  readonly body: string;
  readonly at: number;
  /** Whether it was signed with the secret of the subscription whose path it came to. */
  readonly genuine: boolean;
  /**
   * `open` while unanswered; `refused` when the answer was a failure; `given up` when the sender hung up, though nothing had happened to it; `broken` when it hung up because something had.
   */
  end: 'open' | 'accepted' | 'refused' | 'given up' | 'broken';
}

/** One delivery as the receiver knows it. */
export function keyOf({ path, eventId }: Pick<Arrival, 'path' | 'eventId'>): string {
  return `${path} ${eventId}`;
}

/** Takes everything that is sent to the subscribers, behaves as they do, and forgets nothing. */
export class CountingReceiver {
  readonly arrivals: Arrival[] = [];
  readonly accepted = new Set<string>();
  private readonly wounded = new Set<string>();
  private readonly times = new Map<string, number>();
  private readonly subscribers: ReadonlyMap<string, Subscriber>;
  private readonly server = createServer((request, response) => void this.receive(request, response));

  constructor(subscribers: readonly Subscriber[]) {
    this.subscribers = new Map(subscribers.map((subscriber) => [subscriber.path, subscriber]));
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /** Something happens to a sender: what it leaves unanswered has not been given up. */
  hit(sender: string): void {
    this.wounded.add(sender);
    for (const arrival of this.arrivals) {
      if (arrival.sender === sender && arrival.end === 'open') arrival.end = 'broken';
    }
  }

  /** The sender is well again. */
  heal(sender: string): void {
    this.wounded.delete(sender);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return; // died in the middle of it
    const arrival = arrivalOf(request, body);
    const before = this.note(arrival);
    response.once('close', () => this.leave(arrival));
    const manner = this.subscribers.get(arrival.path)?.manner ?? 'prompt';
    react(reaction(manner, lotOf(arrival.eventId), before), response, (accepted) => this.end(arrival, accepted));
  }

  /** Answers how many requests there were for the same delivery before. */
  private note(arrival: Arrival): number {
    const before = this.times.get(keyOf(arrival)) ?? 0;
    this.times.set(keyOf(arrival), before + 1);
    this.arrivals.push(arrival);
    return before;
  }

  private end(arrival: Arrival, accepted: boolean): void {
    arrival.end = accepted ? 'accepted' : 'refused';
    if (accepted) this.accepted.add(keyOf(arrival));
  }

  private leave(arrival: Arrival): void {
    if (arrival.end === 'open') arrival.end = this.wounded.has(arrival.sender) ? 'broken' : 'given up';
  }
}

/** The secret of the subscription at a path. */
export function secretOf(path: string): string {
  return `whsec_${Buffer.from(path.padEnd(32, '.')).toString('base64')}`;
}

function arrivalOf({ url: path = '', headers }: IncomingMessage, body: string): Arrival {
  const eventId = String(headers['webhook-id']);
  const signed = `${eventId}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(path.padEnd(32, '.'));
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  const genuine = headers['webhook-signature'] === signature;
  const sender = String(headers['x-sent-by']);
  return { sender, path, eventId, body, at: performance.now(), genuine, end: 'open' };
}

function lotOf(eventId: string): number {
  return Number.parseInt(eventId.slice(-6), 16);
}
