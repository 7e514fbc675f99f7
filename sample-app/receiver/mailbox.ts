/** One request that arrived. */
export interface Received {
  readonly receivedAt: Date;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body parsed, for reading. */
  readonly body: unknown;
  /** The body as it arrived, which is what the signature covers. */
  readonly rawBody: string;
  /** Whether the signature is right; null when no secret is known for this receiver. */
  readonly verified: boolean | null;
  /** What was answered. */
  readonly status: number;
}

/** How a receiver answers. */
export interface Behaviour {
  /** How many requests to come are answered with `status`. */
  readonly failNext: number;
  readonly status: number;
  /** How long every answer takes. */
  readonly delayMs: number;
}

const MOST_RECEIVED = 200;
const ACCEPTED = 204;

/** What one receiver has got, the newest last, and how it answers. */
export class Mailbox {
  readonly received: Received[] = [];
  behaviour: Behaviour = { failNext: 0, status: 503, delayMs: 0 };

  keep(request: Received): void {
    this.received.push(request);
    if (this.received.length > MOST_RECEIVED) this.received.shift();
  }

  nextStatus(): number {
    const { failNext, status } = this.behaviour;
    if (failNext === 0) return ACCEPTED;
    this.behaviour = { ...this.behaviour, failNext: failNext - 1 };
    return status;
  }
}
