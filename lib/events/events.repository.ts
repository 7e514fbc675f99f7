import type { Page, PageRequest } from '../shared/page';
import type { PortableStatement } from '../shared/statement';
import type { WebhookEvent } from './event';

/**
 * Which events are wanted. `tenant` undefined means everybody's. No page looks at more than some thousand rows: where few
 * are of that topic or subject, pages may be short or empty, and end when `nextCursor` is null.
 */
export interface EventQuery extends PageRequest {
  readonly tenant?: string;
  readonly topic?: string;
  readonly subject?: string;
  /** When it was published, in milliseconds since the epoch, both ends included. */
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

/** What is written when an event is published. */
export interface NewEvent extends WebhookEvent {
  /** Says that a second event of the same key is the first one again; unique over all tenants. */
  readonly idempotencyHash: string | null;
}

/** Which event stands in the table now: the new one, or the one that had the same idempotency key before. */
export interface StoredEvent {
  readonly id: string;
  readonly duplicate: boolean;
}

/** What of an event decides who gets it. */
export interface EventSummary extends Pick<WebhookEvent, 'id' | 'topic' | 'tenant' | 'orderingKey' | 'createdAt'> {
  /** Whether its payload is still there. */
  readonly sendable: boolean;
}

/** Where events are kept. */
export abstract class EventsRepository {
  /** Stores new events, all or nothing; answers one result per event. */
  abstract insert(events: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** The one statement that stores an event within somebody else's transaction. */
  abstract insertion(event: NewEvent): PortableStatement;
  /** The statement that finds which event has the idempotency key, for somebody else's transaction. */
  abstract selectionByIdempotency(hash: string): PortableStatement;
  /** Events by id; those that do not exist are left out. */
  abstract byIds(ids: readonly string[]): Promise<WebhookEvent[]>;
  /** Of these ids, the events that are committed and not yet fanned out. */
  abstract notFannedOut(ids: readonly string[]): Promise<WebhookEvent[]>;
  /**
   * Events that should have been fanned out by `now`, oldest first; and those that are said to have time until after
   * `incredibleAt`, which only a clock that was ahead can have written.
   */
  abstract overdue(now: number, incredibleAt: number, limit: number): Promise<WebhookEvent[]>;
  /** Leaves events that cannot be fanned out now to a later sweep, so that they do not stand before all others. */
  abstract postpone(ids: readonly string[], until: number): Promise<void>;
  /**
   * The first events after one id and before another, in the order of their ids and without payloads. `tenant`
   * undefined means everybody's.
   */
  abstract between(after: string, before: string, limit: number, tenant?: string): Promise<EventSummary[]>;
  abstract list(query: EventQuery): Promise<Page<WebhookEvent>>;
}
