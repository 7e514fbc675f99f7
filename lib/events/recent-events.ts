import { Batcher } from '../shared/batcher';
import type { WebhookEvent } from './event';
import { EventsRepository } from './events.repository';

const APPROXIMATE_OVERHEAD_BYTES = 300;

/** Events by id: from memory where they were published or read lately, else from the table, many at a time. */
export class RecentEvents {
  private readonly events = new Map<string, WebhookEvent>();
  private bytes = 0;
  private readonly reads = new Batcher<string, WebhookEvent | undefined>((ids) => this.read(ids), 100);

  constructor(
    private readonly repository: EventsRepository,
    private readonly limitBytes = 32 * 1024 * 1024,
  ) {}

  /** Remembers an event, and forgets the oldest where there is no room. */
  remember(event: WebhookEvent): void {
    if (this.events.has(event.id)) return;
    this.events.set(event.id, event);
    this.bytes += sizeOf(event);
    for (const [id, oldest] of this.events) {
      if (this.bytes <= this.limitBytes) break;
      this.events.delete(id);
      this.bytes -= sizeOf(oldest);
    }
  }

  /** The event, or undefined where it no longer exists. */
  async get(id: string): Promise<WebhookEvent | undefined> {
    return this.events.get(id) ?? (await this.reads.add(id));
  }

  private async read(ids: string[]): Promise<(WebhookEvent | undefined)[]> {
    const found = new Map((await this.repository.byIds([...new Set(ids)])).map((event) => [event.id, event]));
    found.forEach((event) => this.remember(event));
    return ids.map((id) => found.get(id));
  }
}

function sizeOf(event: WebhookEvent): number {
  return event.payload.length + APPROXIMATE_OVERHEAD_BYTES;
}
