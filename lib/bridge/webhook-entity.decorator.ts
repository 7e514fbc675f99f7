import type { Type } from '@nestjs/common';
import type { PayloadType, TopicOptions } from '../topics/topic';

/** What can happen to a row. */
export type EntityChange = 'created' | 'updated' | 'deleted';

type TopicFacts = Pick<
  TopicOptions<object>,
  'group' | 'version' | 'deprecated' | 'example' | 'schema' | 'jsonSchema' | 'validate'
>;

/** How an entity's rows become events, and what is said of its topics: of all of them alike. */
export interface WebhookEntityOptions<Row extends object> extends TopicFacts {
  /** What its topics begin with: `order` makes `order.created`. @default the class's name in kebab-case */
  readonly topic?: string;
  /** Which changes are published. @default all three */
  readonly on?: readonly EntityChange[];
  /** Whose row it is. @default nobody's: only platform-wide subscriptions get its events */
  readonly tenant?: (row: Row) => string | null;
  /** What subscribers see of a row. @default all columns but those with `select: false` */
  readonly payload?: (row: Row) => object;
  /** The class of what `payload` makes, for its JSON Schema and to validate it. @default none: what the columns say */
  readonly payloadType?: PayloadType<object>;
  /** The id of a row. @default its primary key; several columns are joined by a comma */
  readonly id?: (row: Row) => string | number;
}

const OPTIONS = Symbol('WebhookEntityOptions');

/**
 * Says how a TypeORM entity's rows become events. An entity without it is published with the defaults.
 *
 * @example
 * @WebhookEntity<Order>({ tenant: (order) => order.account, payload: ({ id, status }) => ({ id, status }) })
 * @Entity()
 * class Order {}
 */
export function WebhookEntity<Row extends object>(options: WebhookEntityOptions<Row> = {}): ClassDecorator {
  return (entity) => Reflect.defineMetadata(OPTIONS, options, entity);
}

export function webhookEntityOptions(entity: Type): WebhookEntityOptions<object> {
  return (Reflect.getMetadata(OPTIONS, entity) as WebhookEntityOptions<object> | undefined) ?? {};
}
