import type { Contract } from '../contracts/contract';
import type { DescribedRequest } from '../contracts/delivery/described-request';
import type { JsonSchema } from '../topics/json-schema';
import type { Topic } from '../topics/topic';
import type { NamedSchemas } from './named-schemas';

/** A topic as documents tell of it. */
export interface DescribedTopic {
  readonly topic: Topic;
  /** What its name is among types: `OrderShipped`. */
  readonly typeName: string;
  /** A reference to the schema of its requests' bodies. */
  readonly body: JsonSchema;
  readonly request: DescribedRequest;
}

/** What a contract sends of each topic, with the schemas among those of the document. */
export function describedTopics(
  contract: Contract,
  topics: readonly Topic[],
  schemaOf: (topic: Topic) => JsonSchema | null,
  schemas: NamedSchemas,
): DescribedTopic[] {
  const { described } = contract.description.delivery;
  const prefix = contract.name === 'standard' ? '' : pascalCase(contract.name);
  return topics.flatMap((topic) => {
    const typeName = prefix + pascalCase(topic.name);
    const request = described?.(facts(topic, schemaOf(topic), `${pascalCase(topic.name)}Payload`, schemas));
    if (!request) return [];
    return [{ topic, typeName, request, body: schemas.add(`${typeName}Event`, request.body) }];
  });
}

function facts(topic: Topic, schema: JsonSchema | null, typeName: string, schemas: NamedSchemas) {
  const payload = schema === null ? { type: 'object' } : schemas.add(typeName, schema);
  return { name: topic.name, payload, ...(hasExample(topic) && { example: topic.example }) };
}

function hasExample({ example }: Topic): boolean {
  return Object.keys(example).length > 0;
}

/** What happens, and that it should not be asked for any more where that is so. */
export function descriptionOf({ description, deprecated }: Topic): string | undefined {
  const warning = deprecated === false ? [] : [deprecated === true ? 'Deprecated.' : `Deprecated: ${deprecated}`];
  const sentences = [...(description === null ? [] : [description]), ...warning];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** `order.line-added` becomes `OrderLineAdded`. */
export function pascalCase(name: string): string {
  return name
    .replace(/(?:^|[._-]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/\W|[._-]/g, '');
}
