import { isSchema, type JsonSchema } from '../topics/json-schema';

/** An event as a document tells of it. */
export interface PublishedEventType {
  readonly topic: string;
  /** Undefined where the document does not say. */
  readonly description?: string;
  readonly group?: string;
  readonly version?: number;
  readonly deprecated: boolean;
  /** A reference to the schema of the body, or the schema itself. */
  readonly body: JsonSchema;
  readonly example?: unknown;
}

/** What a document says of webhooks. */
export interface PublishedEvents {
  readonly title: string;
  readonly events: readonly PublishedEventType[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** How requests are signed, in words; undefined where the document does not say. */
  readonly signature?: string;
}

const REFERENCE = /^#\/components\/schemas\/([^/]+)$/;

type Json = Readonly<Record<string, unknown>>;

const VERBS = ['post', 'put', 'patch', 'get', 'delete'];

/**
 * Reads the events out of an AsyncAPI 3 document or out of the `webhooks` of an OpenAPI 3.1 document, as this library makes
 * them. What is missing is left out: others wrote the document.
 * @throws Error when it is neither
 */
export function publishedEvents(document: unknown): PublishedEvents {
  const root = record(document);
  const schemas = record(at(root, 'components', 'schemas')) as Record<string, JsonSchema>;
  const title = text(at(root, 'info', 'title')) ?? 'Webhooks';
  if (text(root.asyncapi)?.startsWith('3.')) return { title, schemas, ...ofAsyncApi(root) };
  if (text(root.openapi)?.startsWith('3.')) return { title, schemas, ...ofOpenApi(root) };
  throw new Error('Expected an AsyncAPI 3 document, or an OpenAPI 3.1 document with webhooks.');
}

/** The name of the schema that a reference leads to; undefined where it is none, or leads nowhere. */
export function schemaBehind(reference: unknown, schemas: PublishedEvents['schemas']): string | undefined {
  const name = REFERENCE.exec(text(reference) ?? '')?.[1];
  return name !== undefined && Object.hasOwn(schemas, name) ? name : undefined;
}

function ofAsyncApi(root: Json): Pick<PublishedEvents, 'events' | 'signature'> {
  const messages = Object.values(record(at(root, 'components', 'messages'))).map(record);
  const [scheme] = Object.values(record(at(root, 'components', 'securitySchemes')));
  const events = messages.map((message) => ({
    topic: text(message.title) ?? text(message.name) ?? 'unknown',
    description: text(message.summary),
    group: text(record(list(message.tags)[0]).name),
    version: whole(message['x-topic-version']),
    deprecated: message['x-deprecated'] !== undefined && message['x-deprecated'] !== false,
    body: isSchema(message.payload) ? message.payload : {},
    example: record(list(message.examples)[0]).payload,
  }));
  return { events, signature: text(record(scheme).description) };
}

function ofOpenApi(root: Json): Pick<PublishedEvents, 'events' | 'signature'> {
  const items = Object.entries(record(root.webhooks)).map(
    ([topic, item]) => [topic, operationOf(record(item))] as const,
  );
  const events = items.map(([topic, operation]) => {
    const [media] = Object.values(record(at(operation, 'requestBody', 'content'))).map(record);
    return {
      topic,
      description: text(operation.description),
      group: text(list(operation.tags)[0]),
      version: whole(operation['x-topic-version']),
      deprecated: operation.deprecated === true,
      body: isSchema(media?.schema) ? media.schema : {},
      example: media?.example,
    };
  });
  const parameters = items.flatMap(([, operation]) => list(operation.parameters)).map(record);
  const signature = parameters.find(({ name }) => text(name)?.endsWith('signature'));
  return { events, signature: text(signature?.description) };
}

function operationOf(item: Json): Json {
  return record(VERBS.map((verb) => item[verb]).find((operation) => operation !== undefined));
}

function at(value: Json, ...path: string[]): unknown {
  return path.reduce<unknown>((within, name) => record(within)[name], value);
}

function record(value: unknown): Json {
  return isSchema(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function whole(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
