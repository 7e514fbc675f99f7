import { Get } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import type { AsyncApiDocument } from '../documents/asyncapi';
import { WebhooksDocuments } from '../documents/webhooks-documents';
import { AsyncApiView } from '../contracts/standard/topic.view';
import { Operating } from './operating-documentation';

/** The route of the AsyncAPI document. */
@apiTag('Webhook topics')
export class AsyncApiController {
  constructor(private readonly documents: WebhooksDocuments) {}

  @Get()
  @Operating({
    id: 'getWebhookAsyncApi',
    summary: 'Get an AsyncAPI document of all topics',
    description: 'AsyncAPI 3.0: what is sent of each topic, with schemas and examples.',
    answer: AsyncApiView,
    problems: [403],
  })
  get(): AsyncApiDocument {
    return this.documents.asyncapi();
  }
}
