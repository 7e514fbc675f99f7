import { Get, Req } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import type { PageView } from '../contracts/standard/page.view';
import { topicView, TopicView } from '../contracts/standard/topic.view';
import { PayloadSchemas } from '../schemas/payload-schemas';
import { WebhooksError } from '../shared/webhooks.error';
import { TopicCatalogue } from '../topics/catalogue';
import type { Topic } from '../topics/topic';
import type { HttpRequest } from './http-request';
import { Operating } from './operating-documentation';

/** Thrown when there is no such topic. */
export class TopicNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_TOPIC_NOT_FOUND';
  override readonly status = 404;
}

/** The routes of topics. */
@apiTag('Webhook topics')
export class TopicsController {
  constructor(
    private readonly catalogue: TopicCatalogue,
    private readonly schemas: PayloadSchemas,
  ) {}

  @Get()
  @Operating({
    id: 'listWebhookTopics',
    summary: 'List the topics that can be subscribed to',
    description: 'All of them, by name, on one page.',
    pageOf: TopicView,
    problems: [403],
  })
  list(): PageView<TopicView> {
    return { data: this.catalogue.list().map((topic) => this.view(topic)), nextCursor: null };
  }

  @Get(':name')
  @Operating({
    id: 'getWebhookTopic',
    summary: 'Get a topic that can be subscribed to',
    path: ['name'],
    answer: TopicView,
    problems: [403, 404],
  })
  get(@Req() { params }: HttpRequest): TopicView {
    const topic = this.catalogue.find(params.name!);
    if (topic) return this.view(topic);
    throw new TopicNotFoundError('There is no topic of this name.');
  }

  private view(topic: Topic): TopicView {
    return topicView(topic, this.schemas.of(topic));
  }
}
