import { inspect } from 'node:util';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { inOrder, type EarlierVersion } from './topic-versions';
import { isSchema, type JsonSchema } from './json-schema';
import { isStandardSchema, type StandardSchema } from './standard-schema';

/** What becomes of a payload that is not as its schema says: nothing is checked, it is logged, or it is not published. */
export type PayloadValidation = 'off' | 'warn' | 'error';
export const PAYLOAD_VALIDATIONS: readonly PayloadValidation[] = ['off', 'warn', 'error'];

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
  /**
   * What payloads are like: a JSON Schema, or a schema of Zod or of any other library that speaks Standard Schema.
   * @default what `@ApiProperty` or else class-validator says of the payload's class
   */
  readonly schema?: JsonSchema | StandardSchema<Payload>;
  /** The JSON Schema that subscribers see, where `schema` cannot say it. @default what `schema` says */
  readonly jsonSchema?: JsonSchema;
  /** Whether payloads are checked. @default as the module says */
  readonly validate?: PayloadValidation;
  /** Whose event it is, read from the payload, where the publisher does not say. @default nobody's: platform-wide */
  readonly tenant?: (payload: Payload) => string | null;
  /** The id of the thing it happened to, read from the payload (CloudEvents' `subject`). @default none */
  readonly subject?: (payload: Payload) => string | number | null;
  /**
   * What it is to be delivered in order with, read from the payload: to subscriptions that ask for FIFO, events of the
   * same key go one after the other. Null is in no order. @default its subject
   */
  readonly orderingKey?: (payload: Payload) => string | number | null;
}

/** The class of a payload: documentation and type in one. */
export type PayloadType<Payload> = abstract new (...args: never[]) => Payload;

/** {@link TopicOptions} of whatever payload. */
type TopicFacts = Omit<TopicOptions<never>, 'example' | 'schema'> & {
  readonly example?: object;
  readonly schema?: JsonSchema | StandardSchema;
};

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
    private readonly options: TopicFacts = {},
  ) {
    assertTopicName(name);
    this.earlier = inOrder(name, this.version, options.earlier ?? []);
    assertSchema(name, options);
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

  /** What payloads are like, where the topic itself says. */
  get schema(): JsonSchema | StandardSchema | undefined {
    return this.options.schema;
  }

  /** What subscribers see of it, where that is said apart. */
  get jsonSchema(): JsonSchema | undefined {
    return this.options.jsonSchema;
  }

  /** Whether its payloads are checked; undefined where it does not say. */
  get validation(): PayloadValidation | undefined {
    return this.options.validate;
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

  /** @param subject the subject of the event, which is the key where the topic says nothing else */
  orderingKeyOf(payload: object, subject: string | null): string | null {
    if (!this.options.orderingKey) return subject;
    const key = this.options.orderingKey(payload as never);
    return key === null ? null : String(key);
  }
}

/**
 * Defines a topic: its name, the class or the Standard Schema of its payload and what else is to be said of it.
 * @throws WebhooksConfigurationError when the name or the schema is malformed
 * @example const OrderShipped = defineTopic('order.shipped', OrderShippedPayload);
 * @example const OrderShipped = defineTopic('order.shipped', z.object({ id: z.string() }));
 */
export function defineTopic<const Name extends string, Payload extends object>(
  name: Name,
  payload?: PayloadType<Payload> | StandardSchema<Payload>,
  options?: TopicOptions<Payload>,
): Topic<Name, Payload> {
  if (isStandardSchema(payload)) return new Topic(name, undefined, { ...options, schema: payload });
  return new Topic(name, payload, options);
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

function assertSchema(name: string, { schema, validate }: TopicFacts): void {
  if (schema !== undefined && !isStandardSchema(schema) && !isSchema(schema))
    throw unexpected(name, 'schema', 'a JSON Schema or a Standard Schema', schema);
  if (validate !== undefined && !PAYLOAD_VALIDATIONS.includes(validate))
    throw unexpected(name, 'validate', `'off', 'warn' or 'error'`, validate);
}

function unexpected(topic: string, option: string, expected: string, got: unknown): WebhooksConfigurationError {
  return new WebhooksConfigurationError(
    `Expected ${option} of the topic "${topic}" to be ${expected}, got ${inspect(got, { depth: 0 })}.`,
  );
}
