import type { Topic } from './topic';

/**
 * The topics of the host, by name; a host that adds its own gets names and payloads checked by the compiler.
 *
 * @example
 * declare module 'nestjs-webhooks' {
 *   interface RegisteredTopics extends TopicsOf<typeof OrderShipped>, EntityTopics<'order', Order> {}
 * }
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the host fills it
export interface RegisteredTopics {}

/** The names and payloads of topics made with `defineTopic`, as {@link RegisteredTopics} wants them. */
export type TopicsOf<Topics extends Topic> = {
  [Each in Topics as Each['name']]: Each extends Topic<string, infer Payload> ? Payload : never;
};

/** The names and payloads of a registered entity's topics, as {@link RegisteredTopics} wants them. */
export type EntityTopics<Prefix extends string, Payload> = {
  [Change in 'created' | 'updated' | 'deleted' as `${Prefix}.${Change}`]: Payload;
};

/** A name that may be published: one of {@link RegisteredTopics}, or any where the host has not filled it. */
export type TopicName = keyof RegisteredTopics extends never ? string : Extract<keyof RegisteredTopics, string>;

/** What is published under a name. */
export type PayloadOf<Name extends TopicName> = Name extends keyof RegisteredTopics ? RegisteredTopics[Name] : object;
