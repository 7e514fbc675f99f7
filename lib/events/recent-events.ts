import { Batcher } from '../shared/batcher';
import type { WebhookEvent } from './event';
import { EventsRepository } from './events.repository';

const APPROXIMATE_OVERHEAD_BYTES = 300;

/** Events by id: from memory where they were published or read lately, else from the table, many at a time. */
export class RecentEvents {
  private young = new Map<string, WebhookEvent>();
  private old = new Map<string, WebhookEvent>();
  private youngBytes = 0;
  private readonly reads = new Batcher<string, WebhookEvent | undefined>((ids) => this.read(ids), { most: 100 });

  constructor(
    private readonly repository: EventsRepository,
    private readonly limitBytes = 32 * 1024 * 1024,
  ) {}

  /**
   * Remembers an event. Where there is no room, the older half is forgotten at once: a map that loses its oldest entry
   * for each new one grows slow.
   */
  remember(event: WebhookEvent): void {
    if (this.find(event.id)) return;
    this.young.set(event.id, event);
    this.youngBytes += event.payload.length + APPROXIMATE_OVERHEAD_BYTES;
    if (this.youngBytes <= this.limitBytes / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.youngBytes = 0;
  }

  /** The event, or undefined where it no longer exists. */
  async get(id: string): Promise<WebhookEvent | undefined> {
    return this.find(id) ?? (await this.reads.add(id));
  }

  private find(id: string): WebhookEvent | undefined {
    return this.young.get(id) ?? this.old.get(id);
  }

  private async read(ids: string[]): Promise<(WebhookEvent | undefined)[]> {
    const found = new Map((await this.repository.byIds([...new Set(ids)])).map((event) => [event.id, event]));
    found.forEach((event) => this.remember(event));
    return ids.map((id) => found.get(id));
  }
}
