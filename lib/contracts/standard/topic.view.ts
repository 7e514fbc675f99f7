import type { JsonSchema } from '../../topics/json-schema';
import type { Topic } from '../../topics/topic';
import { apiProperty, apiSchema } from '../generated/openapi';

/** A topic as the standard API shows it. */
@apiSchema('WebhookTopic')
export class TopicView {
  @apiProperty({ type: String, example: 'order.shipped' })
  readonly name!: string;

  @apiProperty({ type: String, nullable: true, description: 'When it happens.' })
  readonly description!: string | null;

  @apiProperty({ type: String, nullable: true, example: 'Orders', description: 'What it is listed among.' })
  readonly group!: string | null;

  @apiProperty({ type: 'integer', minimum: 1, description: 'Which version of its payload is sent.' })
  readonly version!: number;

  @apiProperty({ type: Boolean, description: 'Whether it should not be asked for any more.' })
  readonly deprecated!: boolean;

  @apiProperty({ type: String, nullable: true, description: 'Why, or what to use instead.' })
  readonly deprecation!: string | null;

  @apiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'What its payloads are like, as a JSON Schema (2020-12); null where that is not said.',
  })
  readonly schema!: JsonSchema | null;

  @apiProperty({ type: 'object', additionalProperties: true, description: 'A payload such as it may be.' })
  readonly example!: object;
}

/** An AsyncAPI document as OpenAPI describes it: not at all. */
@apiSchema('WebhookAsyncApi')
export class AsyncApiView {
  @apiProperty({ type: String, enum: ['3.0.0'] })
  readonly asyncapi!: string;

  @apiProperty({ type: 'object', additionalProperties: true })
  readonly info!: object;

  @apiProperty({ type: String, example: 'application/json' })
  readonly defaultContentType!: string;

  @apiProperty({ type: 'object', additionalProperties: true, description: 'By topic.' })
  readonly channels!: object;

  @apiProperty({ type: 'object', additionalProperties: true, description: 'By topic.' })
  readonly operations!: object;

  @apiProperty({ type: 'object', additionalProperties: true })
  readonly components!: object;
}

export function topicView(topic: Topic, schema: JsonSchema | null): TopicView {
  const { name, description, group, version, deprecated, example } = topic;
  return {
    name,
    description,
    group,
    version,
    deprecated: deprecated !== false,
    deprecation: typeof deprecated === 'string' ? deprecated : null,
    schema,
    example,
  };
}
