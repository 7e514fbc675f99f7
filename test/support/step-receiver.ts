import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One of the things that happen to an order, one after the other. */
export class Step {
  order!: string;
  step!: number;
}

type Answer = number | 'hangs' | 'resets';

/** Takes steps of orders, answers each as it is told, and remembers what it took in which order. */
export class StepReceiver {
  /** Every request, such as `A1`. */
  readonly arrived: string[] = [];
  /** What was answered with success, each once. */
  readonly accepted: string[] = [];
  /** Orders of which two steps were on their way at the same time. */
  readonly overlapping = new Set<string>();
  /** Says what becomes of a step that arrives for the nth time. */
  answer: (step: string, times: number) => Answer = () => 204;
  /** How long every answer takes, in real time. */
  takesMs = 0;
  private readonly open = new Map<string, string>();
  private readonly times = new Map<string, number>();
  private readonly taken = new Set<string>();
  private readonly server = createServer((request, response) => void this.receive(request, response));

  private constructor(private readonly read: (data: unknown) => Step) {}

  /** @param read finds the step in a payload. @default it is one */
  static async start(read = (data: unknown): Step => data as Step): Promise<StepReceiver> {
    const receiver = new StepReceiver(read);
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** What was taken of an order, such as `['A1', 'A2']`. */
  of(order: string): string[] {
    return this.accepted.filter((step) => step.startsWith(order));
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const { order, step: number } = this.read((JSON.parse(body) as { data: unknown }).data);
    const step = `${order}${number}`;
    const other = this.open.get(order);
    if (other !== undefined && other !== step) this.overlapping.add(order);
    this.open.set(order, step);
    response.once('close', () => this.open.get(order) === step && this.open.delete(order));
    this.arrived.push(step);
    const times = (this.times.get(step) ?? 0) + 1;
    this.times.set(step, times);
    const answer = this.answer(step, times);
    if (answer === 'hangs') return;
    if (answer === 'resets') return void response.socket?.resetAndDestroy();
    if (this.takesMs > 0) await new Promise((resolve) => setTimeout(resolve, this.takesMs));
    if (response.destroyed) return;
    if (answer < 300 && !this.taken.has(step)) this.accepted.push(step);
    if (answer < 300) this.taken.add(step);
    this.open.delete(order);
    response.writeHead(answer).end();
  }
}
