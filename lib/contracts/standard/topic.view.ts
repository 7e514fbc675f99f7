import type { Topic } from '../../topics/topic';
import { apiProperty, apiSchema } from '../generated/openapi';

/** A topic as the standard API shows it. */
@apiSchema('WebhookTopic')
export class TopicView {
  @apiProperty({ type: String, example: 'order.shipped' })
  readonly name!: string;

  @apiProperty({ type: String, nullable: true, description: 'When it happens.' })
  readonly description!: string | null;
}

export function topicView({ name, description }: Topic): TopicView {
  return { name, description };
}
