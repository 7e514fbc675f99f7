import type { WebhookEvent } from '../../events/event';
import type { Subscription } from '../../subscriptions/subscription';
import type { Contract } from '../contract';
import { JsonText } from './json-text';

/** What an event is put into. */
export interface Surroundings {
  readonly contract: Contract;
  /** Where subscribers reach the host; empty where it does not say. */
  readonly publicUrl: string;
}

/** An event as a contract puts it into a request. */
export class ContractEvent {
  /** The same on every attempt. */
  readonly id: string;
  /** What the contract calls its topic. */
  readonly topic: string;
  /** What the host calls its topic. */
  readonly hostTopic: string;
  /** What the contract calls its tenant; null where it is nobody's. */
  readonly tenant: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The payload for a body, byte for byte as it was published. */
  readonly payload: JsonText;
  /** The id of the thing it happened to, where the topic says. */
  readonly subject: string | null;
  private readonly publicUrl: string;
  private parsed?: Readonly<Record<string, unknown>>;

  constructor(event: WebhookEvent, { topics }: Subscription, { contract, publicUrl }: Surroundings) {
    const { description } = contract;
    this.id = event.id;
    this.topic = description.topics.nameOf(event.topic, topics);
    this.hostTopic = event.topic;
    this.tenant = event.tenant === null ? null : description.scope.nameOf(event.tenant);
    this.createdAt = event.createdAt;
    this.payload = new JsonText(event.payload);
    this.subject = event.subject;
    this.publicUrl = publicUrl;
  }

  /** The payload to look into. What goes out is better taken from `payload`. */
  get data(): Readonly<Record<string, unknown>> {
    return (this.parsed ??= JSON.parse(this.payload.text) as Record<string, unknown>);
  }

  /** Where subscribers find a path of the host; only the path, where the host does not say what its `publicUrl` is. */
  publicUrlOf(path: string): string {
    return `${this.publicUrl}/${path}`;
  }

  /** The id of the thing it happened to: its subject, or else the `id` in the payload. */
  get objectId(): string {
    const id = this.subject ?? this.data.id;
    // Empty, it would be the URL of all the objects there are, and a deletion would be theirs.
    if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id);
    throw new Error(
      `The event ${this.id} does not say whom it is about: "${this.hostTopic}" needs a subject or an id.`,
    );
  }
}
