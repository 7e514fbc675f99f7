import type { Contract } from '../contracts/contract';
import type { PayloadSchemas } from '../schemas/payload-schemas';
import type { TopicCatalogue } from '../topics/catalogue';
import type { Topic } from '../topics/topic';
import { asyncApiOf, type AsyncApiDocument, type DocumentHeading } from './asyncapi';
import { withWebhooks, type OpenApiDocument } from './openapi';

/** The documents that tell subscribers what is sent. */
export class WebhooksDocuments {
  constructor(
    private readonly catalogue: TopicCatalogue,
    private readonly schemas: PayloadSchemas,
    private readonly contracts: readonly Contract[],
    private readonly heading: DocumentHeading,
  ) {}

  /** The host's OpenAPI document with what every contract sends that says how. */
  openapi<Document extends OpenApiDocument>(document: Document): Document {
    return withWebhooks(document, this.contracts, this.catalogue.list(), this.schemaOf);
  }

  /** What the standard contract sends or, where it is not served, the first. */
  asyncapi(heading: DocumentHeading = {}): AsyncApiDocument {
    const contract = this.contracts.find(({ name }) => name === 'standard') ?? this.contracts[0]!;
    return asyncApiOf(contract, { ...this.heading, ...heading }, this.catalogue.list(), this.schemaOf);
  }

  private readonly schemaOf = (topic: Topic) => this.schemas.of(topic);
}
