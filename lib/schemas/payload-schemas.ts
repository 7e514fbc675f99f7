import { Injectable } from '@nestjs/common';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { without, type JsonSchema } from '../topics/json-schema';
import { isStandardSchema, type StandardSchema } from '../topics/standard-schema';
import type { Topic } from '../topics/topic';
import { swaggerSchema } from './swagger-class';
import { validatedSchema } from './validated-class';

/** What the payloads of each topic are like, as subscribers see it. */
@Injectable()
export class PayloadSchemas {
  private readonly known = new Map<Topic, JsonSchema | null>();
  private readonly described = new Map<Topic, () => JsonSchema>();

  /** Says what payloads of a topic are like, for where neither the topic nor a class of its own does. */
  describe(topic: Topic, schema: () => JsonSchema): void {
    this.described.set(topic, schema);
  }

  /**
   * The JSON Schema (2020-12) of a topic's payloads; null where nobody says what they are like.
   * @throws WebhooksConfigurationError when what says it cannot say it in JSON Schema
   */
  of(topic: Topic): JsonSchema | null {
    const known = this.known.get(topic);
    if (known !== undefined) return known;
    const schema = saidBy(topic) ?? this.described.get(topic)?.() ?? null;
    this.known.set(topic, schema);
    return schema;
  }
}

function saidBy(topic: Topic): JsonSchema | undefined {
  const { jsonSchema, schema } = topic;
  if (jsonSchema !== undefined) return jsonSchema;
  if (schema !== undefined) return isStandardSchema(schema) ? translated(topic, schema) : schema;
  return classSchema(topic);
}

/** What the class of a topic's payload says. */
export function classSchema({ payloadType }: Topic): JsonSchema | undefined {
  return payloadType && (swaggerSchema(payloadType) ?? validatedSchema(payloadType));
}

/** What publishers give, not what the schema makes of it: payloads go out as they are. */
function translated({ name }: Topic, schema: StandardSchema): JsonSchema | undefined {
  try {
    const translation = without(schema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {}, '$schema');
    return Object.keys(translation).length === 0 ? undefined : translation;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WebhooksConfigurationError(
      `The schema of the topic "${name}" cannot be shown to subscribers: ${why}. ` +
        `Say what they get beside it: defineTopic("${name}", schema, { jsonSchema: { … } }).`,
      { cause },
    );
  }
}
