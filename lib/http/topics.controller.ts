import { Get } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import type { PageView } from '../contracts/standard/page.view';
import { topicView, TopicView } from '../contracts/standard/topic.view';
import { TopicCatalogue } from '../topics/catalogue';
import { Operating } from './operating-documentation';

/** The route of topics. */
@apiTag('Webhook topics')
export class TopicsController {
  constructor(private readonly catalogue: TopicCatalogue) {}

  @Get()
  @Operating({
    id: 'listWebhookTopics',
    summary: 'List the topics that can be subscribed to',
    description: 'All of them, by name, on one page.',
    pageOf: TopicView,
    problems: [403],
  })
  list(): PageView<TopicView> {
    return { data: this.catalogue.list().map(topicView), nextCursor: null };
  }
}
