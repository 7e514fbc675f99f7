import type { Contract } from '../contracts/contract';
import { fromOpenApi } from '../schemas/openapi-dialect';
import { isSchema, type JsonSchema } from '../topics/json-schema';
import type { Topic } from '../topics/topic';
import { describedTopics, descriptionOf, type DescribedTopic } from './described-topics';
import { NamedSchemas } from './named-schemas';

/** What is looked into of an OpenAPI document. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly components?: { readonly schemas?: object };
  readonly webhooks?: object;
}

const VERSION = '3.1.0';
const GONE = 410;
const NO_SCHEMA_IN = ['example', 'examples', 'default'];

/**
 * An OpenAPI document with what each contract sends among its `webhooks`. It becomes one of OpenAPI 3.1, which is the first
 * to have them: schemas that `@nestjs/swagger` wrote for 3.0 are translated.
 */
export function withWebhooks<Document extends OpenApiDocument>(
  document: Document,
  contracts: readonly Contract[],
  topics: readonly Topic[],
  schemaOf: (topic: Topic) => JsonSchema | null,
): Document {
  const translated = inNewDialect(document) as Document;
  const schemas = new NamedSchemas(translated.components?.schemas as Record<string, JsonSchema> | undefined);
  const items = contracts.flatMap((contract) =>
    describedTopics(contract, topics, schemaOf, schemas).map((each): [string, object] => [
      keyOf(contract, each),
      pathItem(contract, each),
    ]),
  );
  return {
    ...translated,
    openapi: /^3\.0|^2/.test(document.openapi) ? VERSION : document.openapi,
    components: { ...translated.components, schemas: schemas.all() },
    webhooks: { ...document.webhooks, ...Object.fromEntries(items) },
  };
}

function keyOf({ name }: Contract, { topic }: DescribedTopic): string {
  return name === 'standard' ? topic.name : `${name}/${topic.name}`;
}

/** Where subscriptions choose, what is described is what they get who do not. */
const USUAL_CONTENT_TYPE = 'application/json';

function pathItem(contract: Contract, { topic, typeName, body, request }: DescribedTopic): object {
  const { method = 'POST', contentType } = contract.description.delivery;
  const parameters = Object.entries(request.headers).map(([name, { required = true, ...header }]) => {
    return { name, in: 'header', required, ...header };
  });
  const operation = {
    operationId: `on${typeName}`,
    summary: topic.name,
    description: descriptionOf(topic),
    tags: topic.group === null ? undefined : [topic.group],
    deprecated: topic.deprecated === false ? undefined : true,
    // Whoever is called is the subscriber, and the signature is what shows who calls.
    security: [],
    parameters,
    requestBody: {
      required: true,
      content: {
        [typeof contentType === 'string' ? contentType : USUAL_CONTENT_TYPE]: {
          schema: body,
          ...('example' in request && { example: request.example }),
        },
      },
    },
    responses: responsesOf(contract),
    'x-topic-version': topic.version,
  };
  return { [typeof method === 'string' ? method.toLowerCase() : 'post']: withoutUndefined(operation) };
}

/** What the answer of a receiver means. */
function responsesOf({ description: { delivery } }: Contract): object {
  const taken = statusesTaken(delivery.succeeds);
  return {
    ...Object.fromEntries(
      taken.map((status) => [status, { description: 'The event was taken, and is not sent again.' }]),
    ),
    ...(delivery.suspends?.(GONE) && {
      [GONE]: { description: 'Asks for no more: the subscription is suspended.' },
    }),
    default: { description: 'The event was not taken, and is sent again later, with the same id.' },
  };
}

/** As OpenAPI writes them: all of 2xx in one. */
function statusesTaken(succeeds: ((status: number) => boolean) | undefined): string[] {
  if (succeeds === undefined) return ['2XX'];
  const taken = Array.from({ length: 100 }, (_, index) => 200 + index).filter(succeeds);
  return taken.length === 100 ? ['2XX'] : taken.map(String);
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

/** Every schema of a document, wherever it stands, in the words of JSON Schema 2020-12. */
function inNewDialect(value: unknown, within = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => inNewDialect(each));
  if (!isSchema(value)) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => {
    if (key === 'schema' && isSchema(each)) return [key, fromOpenApi(each)];
    if (key === 'schemas' && within === 'components' && isSchema(each)) {
      return [
        key,
        Object.fromEntries(Object.entries(each).map(([name, its]) => [name, fromOpenApi(its as JsonSchema)])),
      ];
    }
    return [key, NO_SCHEMA_IN.includes(key) ? each : inNewDialect(each, key)];
  });
  return Object.fromEntries(entries);
}
