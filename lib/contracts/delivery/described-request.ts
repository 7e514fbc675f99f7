import type { JsonSchema } from '../../topics/json-schema';

/** A header of deliveries, for those who read about them. */
export interface DescribedHeader {
  readonly description: string;
  readonly schema: JsonSchema;
  /** @default true */
  readonly required?: boolean;
}

/** What the requests of a topic look like, for the documents that subscribers read. */
export interface DescribedRequest {
  /** What the body is like. */
  readonly body: JsonSchema;
  /** What the headers are, by name in small letters, beside the content type. */
  readonly headers: Readonly<Record<string, DescribedHeader>>;
  /** A body such as it may be; undefined where the topic has no example. */
  readonly example?: unknown;
  /** How receivers verify requests, in a sentence or two. */
  readonly signature: { readonly header: string; readonly description: string };
}

/** What is known of a topic when its requests are described. */
export interface DescribedTopic {
  readonly name: string;
  /** What its payloads are like: a schema, or a reference to one. */
  readonly payload: JsonSchema;
  /** A payload such as it may be. */
  readonly example?: object;
}
