import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { inOrder, type EarlierVersion } from './topic-versions';

/** What may be said of a topic besides its name and payload. */
export interface TopicOptions<Payload> {
  /** One sentence for subscribers: when does it happen? */
  readonly description?: string;
  /** What it is listed among, such as `Orders`. @default none */
  readonly group?: string;
  /** Which version of its payload is published now, counted from 1. @default 1 */
  readonly version?: number;
  /** The versions before it that subscribers may stay with, without a gap. @default [] */
  readonly earlier?: readonly EarlierVersion[];
  /** That it should not be asked for any more, and why or what to use instead. @default false */
  readonly deprecated?: boolean | string;
  /** A payload such as it may be, for subscribers and for test requests. @default {} */
  readonly example?: Payload;
  /** Whose event it is, read from the payload, where the publisher does not say. @default nobody's: platform-wide */
  readonly tenant?: (payload: Payload) => string | null;
  /** The id of the thing it happened to, read from the payload (CloudEvents' `subject`). @default none */
  readonly subject?: (payload: Payload) => string | number | null;
}

/** The class of a payload: documentation and type in one. */
export type PayloadType<Payload> = abstract new (...args: never[]) => Payload;

/** The name of a kind of event and the type of its payload. Make one with {@link defineTopic}. */
export class Topic<Name extends string = string, Payload extends object = object> {
  /** Only for the compiler: what is published under the name. */
  declare readonly payload: Payload;
  /** The versions before the present one, latest first. */
  readonly earlier: readonly EarlierVersion[];

  constructor(
    /** Dotted, such as `order.shipped`. */
    readonly name: Name,
    /** The class of the payload, where there is one. */
    readonly payloadType?: PayloadType<object>,
    private readonly options: Omit<TopicOptions<never>, 'example'> & { readonly example?: object } = {},
  ) {
    assertTopicName(name);
    this.earlier = inOrder(name, this.version, options.earlier ?? []);
  }

  get description(): string | null {
    return this.options.description ?? null;
  }

  get group(): string | null {
    return this.options.group ?? null;
  }

  get version(): number {
    return this.options.version ?? 1;
  }

  /** Why it should not be asked for any more: a sentence, or true; false where it may. */
  get deprecated(): boolean | string {
    return this.options.deprecated ?? false;
  }

  /** A payload such as it may be. */
  get example(): object {
    return this.options.example ?? {};
  }

  /** What an event with that payload says of itself. */
  get exampleEvent(): { readonly topic: string; readonly version: number; readonly payload: string } {
    return { topic: this.name, version: this.version, payload: JSON.stringify(this.example) };
  }

  tenantOf(payload: object): string | null {
    return this.options.tenant?.(payload as never) ?? null;
  }

  subjectOf(payload: object): string | null {
    const subject = this.options.subject?.(payload as never) ?? null;
    return subject === null ? null : String(subject);
  }
}

/**
 * Defines a topic: its name, the class of its payload and what else is to be said of it.
 * @throws WebhooksConfigurationError when the name is malformed
 * @example const OrderShipped = defineTopic('order.shipped', OrderShippedPayload);
 */
export function defineTopic<const Name extends string, Payload extends object>(
  name: Name,
  payloadType?: PayloadType<Payload>,
  options?: TopicOptions<Payload>,
): Topic<Name, Payload> {
  return new Topic(name, payloadType, options);
}

const TOPIC_NAME = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
export const LONGEST_TOPIC_NAME = 200;

export function assertTopicName(name: string): void {
  if (TOPIC_NAME.test(name) && name.length <= LONGEST_TOPIC_NAME) return;
  throw new WebhooksConfigurationError(
    `Expected a topic's name to be words of letters, digits, "_" and "-" joined by dots, such as "order.shipped", ` +
      `at most ${LONGEST_TOPIC_NAME} characters, got ${JSON.stringify(name)}.`,
  );
}
