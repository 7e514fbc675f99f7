import { inspect } from 'node:util';
import type { Contract } from '../contracts/contract';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { JsonSchema } from '../topics/json-schema';
import type { Topic } from '../topics/topic';
import { describedTopics, descriptionOf, type DescribedTopic } from './described-topics';
import { NamedSchemas } from './named-schemas';

/** How a document is headed. */
export interface DocumentHeading {
  /** What it is called. @default 'Webhooks' */
  readonly title?: string;
  /** The version of what it describes. @default '1.0.0' */
  readonly version?: string;
  /** What its readers have to know first, in Markdown. @default none */
  readonly description?: string;
}

/** An AsyncAPI document, as JSON. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: object;
  readonly channels: Readonly<Record<string, object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: Readonly<Record<string, object>>;
}

const SIGNATURE = 'signature';

/** An AsyncAPI 3.0 document of what a contract sends: a channel, an operation and a message of each topic. */
export function asyncApiOf(
  contract: Contract,
  { title = 'Webhooks', version = '1.0.0', description }: DocumentHeading,
  topics: readonly Topic[],
  schemaOf: (topic: Topic) => JsonSchema | null,
): AsyncApiDocument {
  const schemas = new NamedSchemas();
  const described = describedTopics(contract, topics, schemaOf, schemas);
  const named = <Value>(entryOf: (each: DescribedTopic) => Value) =>
    Object.fromEntries(described.map((each) => [each.topic.name, entryOf(each)]));
  const [first] = described;
  return {
    asyncapi: '3.0.0',
    info: { title, version, ...(description !== undefined && { description }) },
    defaultContentType: 'application/json',
    channels: named(channelOf),
    operations: named((each) => operationOf(contract, each)),
    components: {
      messages: named(messageOf),
      schemas: schemas.all(),
      ...(first && { securitySchemes: { [SIGNATURE]: signatureOf(first) } }),
    },
  } as AsyncApiDocument;
}

function channelOf({ topic }: DescribedTopic): object {
  const { name } = topic;
  return {
    // Every subscription has a URL of its own.
    address: null,
    title: name,
    description: descriptionOf(topic),
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    ...tagsOf(topic),
  };
}

function operationOf(contract: Contract, { topic }: DescribedTopic): object {
  const { name } = topic;
  const { method = 'POST' } = contract.description.delivery;
  return {
    action: 'send',
    channel: { $ref: `#/channels/${name}` },
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    security: [{ $ref: `#/components/securitySchemes/${SIGNATURE}` }],
    ...(typeof method === 'string' && { bindings: { http: { method, bindingVersion: '0.3.0' } } }),
  };
}

function messageOf({ topic, typeName, body, request }: DescribedTopic): object {
  const headers = Object.entries(request.headers);
  const required = headers.filter(([, header]) => header.required !== false).map(([name]) => name);
  const properties = headers.map(([name, { description, schema }]) => [name, { description, ...schema }] as const);
  return {
    name: typeName,
    title: topic.name,
    summary: descriptionOf(topic),
    contentType: 'application/json',
    headers: { type: 'object', required, properties: Object.fromEntries(properties) },
    payload: body,
    ...('example' in request && { examples: [{ name: 'example', payload: request.example }] }),
    ...tagsOf(topic),
    'x-topic-version': topic.version,
    ...(topic.deprecated !== false && { 'x-deprecated': topic.deprecated }),
  };
}

function tagsOf({ group }: Topic): { readonly tags?: readonly object[] } {
  return group === null ? {} : { tags: [{ name: group }] };
}

function signatureOf({ request: { signature } }: DescribedTopic): object {
  return { type: 'httpApiKey', in: 'header', name: signature.header, description: signature.description };
}

/** @throws WebhooksConfigurationError when a part of it is no text */
export function headingFrom(given: DocumentHeading): DocumentHeading {
  const wrong = Object.entries(given).find(
    ([name, value]) =>
      !['title', 'version', 'description'].includes(name) || !['string', 'undefined'].includes(typeof value),
  );
  if (!wrong) return given;
  throw new WebhooksConfigurationError(
    `Expected asyncapi to have a title, a version and a description, each a text, got ${wrong[0]}: ${inspect(wrong[1])}.`,
  );
}
