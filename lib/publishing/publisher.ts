import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Tracing } from '../deliveries/tracing';
import { EventsRepository, type NewEvent, type StoredEvent } from '../events/events.repository';
import { payloadText } from '../events/payload';
import { Activity } from '../shared/activity';
import { Batcher } from '../shared/batcher';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import { isTenant, TENANT_DESCRIPTION } from '../shared/tenant';
import { WebhooksError } from '../shared/webhooks.error';
import { TopicCatalogue } from '../topics/catalogue';
import type { PayloadValidation, Topic } from '../topics/topic';
import { CommitWatch } from './commit-watch';
import { FanOut } from './fan-out';
import { assertOpen, runIn, type HostTransaction } from './host-transaction';
import { Orders } from './orders';
import { PayloadGate } from './payload-gate';
import { Publication } from './publication';

const LONGEST_NAME = 255;
/** How many characters of payloads travel together: databases have limits, and others wait for a long statement. */
const LONGEST_STATEMENT = 2_000_000;

/** How an event is published. */
export interface PublishOptions {
  /**
   * The host's transaction: the event exists exactly if it commits.
   * @default none: the event is durable when the promise resolves
   */
  readonly transaction?: HostTransaction;
  /** Whose event it is; null is nobody's. @default what the topic reads from the payload, else null */
  readonly tenant?: string | null;
  /** The id of the thing it happened to. @default what the topic reads from the payload, else none */
  readonly subject?: string | null;
  /**
   * What it is to be delivered in order with, for subscriptions that ask for FIFO; null or '' is in no order.
   * @default what the topic reads from the payload, else the subject
   */
  readonly orderingKey?: string | null;
  /** Publishing again with the same key for the same tenant publishes nothing and answers the first event. */
  readonly idempotencyKey?: string;
  /** Whether the payload is checked against its schema. @default as the topic says, else as the module does */
  readonly validate?: PayloadValidation;
}

/** What was published. */
export interface PublishedEvent {
  /** The event's id, which receivers see as `webhook-id`. */
  readonly id: string;
  /** Whether it had been published before with the same idempotency key. */
  readonly duplicate: boolean;
}

/** Thrown when what was said of an event cannot be kept. */
export class InvalidPublicationError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_PUBLICATION';
  override readonly status = 422;
}

export abstract class PublisherOptions {
  /** The longest JSON text of a payload. */
  abstract readonly payloadLimitBytes: number;
}

/** Accepts events: one row each, in the host's transaction or together with whatever else is published just now. */
@Injectable()
export class Publisher {
  private readonly batches = new Batcher<NewEvent, StoredEvent>(
    (events) => this.activity.track(() => this.store(events)),
    {
      weight: { most: LONGEST_STATEMENT, of: ({ payload }) => payload.length },
    },
  );

  constructor(
    private readonly repository: EventsRepository,
    private readonly catalogue: TopicCatalogue,
    private readonly publication: Publication,
    private readonly fanOut: FanOut,
    private readonly commits: CommitWatch,
    private readonly gate: PayloadGate,
    private readonly tracing: Tracing,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly options: PublisherOptions,
  ) {}

  async publish(name: string, payload: object, options: PublishOptions = {}): Promise<PublishedEvent> {
    const { transaction, validate } = options;
    const topic = this.catalogue.get(name);
    const published = this.eventOf(topic, payload, options);
    if (this.gate.guards(topic, validate)) await this.gate.pass(topic, payload, published, validate);
    return this.tracing.publish(published, (event) =>
      transaction ? this.publishIn(transaction, event) : this.publishNow(event),
    );
  }

  private eventOf(topic: Topic, payload: object, options: PublishOptions): NewEvent {
    const text = payloadText(topic.name, payload, this.options.payloadLimitBytes);
    const now = this.clock.now();
    const tenant = options.tenant === undefined ? topic.tenantOf(payload) : options.tenant;
    const subject = options.subject === undefined ? topic.subjectOf(payload) : options.subject;
    const orderingKey = options.orderingKey === undefined ? topic.orderingKeyOf(payload, subject) : options.orderingKey;
    return {
      id: identifier('evt', now),
      topic: topic.name,
      tenant: checkedTenant(tenant),
      subject: shortText('subject', subject),
      orderingKey: unlessEmpty(shortText('ordering key', orderingKey)),
      payload: text,
      createdAt: now,
      ...(topic.version > 1 && { version: topic.version }),
      idempotencyHash: options.idempotencyKey === undefined ? null : hashOf(tenant, options.idempotencyKey),
    };
  }

  private publishNow(event: NewEvent): Promise<PublishedEvent> {
    return this.batches.add(event);
  }

  private async store(events: NewEvent[]): Promise<StoredEvent[]> {
    const alone = keyedAndBehind(events);
    const plain = events.filter((event) => !alone.has(event));
    const left = plain.length === 0 ? [] : await this.publication.store(plain);
    const stored = await this.storeAlone([...alone, ...left]);
    return events.map(({ id }) => stored.get(id) ?? { id, duplicate: false });
  }

  /** What may be there already or comes after that, or owes too much to be stored in one go with all of it. */
  private async storeAlone(events: readonly NewEvent[]): Promise<Map<string, StoredEvent>> {
    if (events.length === 0) return new Map();
    const stored = await this.repository.insert(events);
    void this.fanOut.accept(events.filter((_, index) => !stored[index]!.duplicate));
    return new Map(events.map(({ id }, index) => [id, stored[index]!]));
  }

  private async publishIn(transaction: HostTransaction, event: NewEvent): Promise<PublishedEvent> {
    assertOpen(transaction);
    await runIn(transaction, this.repository.insertion(event));
    const stored = await this.storedIn(transaction, event);
    if (!stored.duplicate) this.commits.watch(transaction, stored.id);
    return stored;
  }

  private async storedIn(transaction: HostTransaction, { id, idempotencyHash }: NewEvent): Promise<PublishedEvent> {
    if (idempotencyHash === null) return { id, duplicate: false };
    const selection = this.repository.selectionByIdempotency(idempotencyHash);
    const found = firstId(await runIn(transaction, selection)) ?? id;
    return { id: found, duplicate: found !== id };
  }
}

/** Those that may be there already, and those that come after them in order. */
function keyedAndBehind(events: readonly NewEvent[]): ReadonlySet<NewEvent> {
  const behind = new Orders();
  const alone = events.filter((event) => {
    const isAlone = event.idempotencyHash !== null || behind.has(event);
    if (isAlone) behind.add(event);
    return isAlone;
  });
  return new Set(alone);
}

function checkedTenant(tenant: unknown): string | null {
  if (tenant === null || isTenant(tenant)) return tenant;
  throw new InvalidPublicationError(
    `Expected the tenant of an event to be null or ${TENANT_DESCRIPTION}, got ${inspect(tenant, { maxStringLength: 40 })}.`,
  );
}

function shortText(name: string, value: unknown): string | null {
  const fits = typeof value === 'string' && value.length <= LONGEST_NAME && !value.includes('\0');
  if (value === null || fits) return value;
  throw new InvalidPublicationError(
    `Expected the ${name} of an event to be text of at most ${LONGEST_NAME} characters without NUL, or null, got ${inspect(value, { maxStringLength: 40 })}.`,
  );
}

/** No key is no order, however that is said. */
function unlessEmpty(key: string | null): string | undefined {
  return key === null || key === '' ? undefined : key;
}

/** Names a key of a tenant in a fixed length, so that no key of one tenant can meet one of another's. */
function hashOf(tenant: string | null, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([tenant, key]))
    .digest('hex');
}

/** The first row's id, whichever shape the handle answers rows in. */
function firstId(answer: unknown): string | undefined {
  const rows = Array.isArray(answer) ? (answer as unknown[]) : ((answer as { rows?: unknown[] } | null)?.rows ?? []);
  const first = Array.isArray(rows[0]) ? (rows[0] as unknown[])[0] : rows[0];
  return (first as { id?: string } | undefined)?.id;
}
