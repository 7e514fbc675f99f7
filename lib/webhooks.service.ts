import { Injectable } from '@nestjs/common';
import type { Attempt } from './deliveries/attempt';
import { DeliveriesRepository } from './deliveries/deliveries.repository';
import { Lifecycle, type LifecycleEvent } from './deliveries/lifecycle';
import { DeliveryNotFoundError, ManualRequests, type TestResult } from './deliveries/manual-requests';
import type { AsyncApiDocument, DocumentHeading } from './documents/asyncapi';
import type { OpenApiDocument } from './documents/openapi';
import { WebhooksDocuments } from './documents/webhooks-documents';
import { EngineHealth, type Health, type HealthOptions } from './observability/engine-health';
import { Publisher, type PublishedEvent, type PublishOptions } from './publishing/publisher';
import { Activity } from './shared/activity';
import type { Scope } from './subscriptions/new-subscription';
import { SubscriptionsService } from './subscriptions/subscriptions.service';
import { TopicCatalogue } from './topics/catalogue';
import type { PublicKey } from './signing/public-key';
import { PublicKeys } from './subscriptions/public-keys';
import { SecretUpkeep, type Upkeep } from './subscriptions/secret-upkeep';
import type { PayloadOf, TopicName } from './topics/registered-topics';
import { Topic } from './topics/topic';

/** What hosts inject to publish events. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly publisher: Publisher,
    private readonly deliveries: DeliveriesRepository,
    private readonly subscriptions: SubscriptionsService,
    private readonly requests: ManualRequests,
    private readonly catalogue: TopicCatalogue,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly engineHealth: EngineHealth,
    private readonly keys: PublicKeys,
    private readonly secrets: SecretUpkeep,
    private readonly documents: WebhooksDocuments,
  ) {}

  /**
   * Publishes an event: every subscription that wants the topic, now, is owed a delivery.
   * Without `transaction` the event is durable when the promise resolves; with it, the event exists exactly if the
   * transaction commits.
   *
   * @throws UnknownTopicError, PayloadNotJsonError, PayloadTooLargeError, InvalidPayloadError, InvalidPublicationError,
   * UnknownTransactionError; nothing is stored then
   * @example await webhooks.publish('order.shipped', { id: order.id }, { transaction: manager, tenant: order.account });
   */
  publish<Name extends TopicName>(
    topic: Name,
    payload: PayloadOf<Name>,
    options?: PublishOptions,
  ): Promise<PublishedEvent>;
  publish<Payload extends object>(
    topic: Topic<string, Payload>,
    payload: Payload,
    options?: PublishOptions,
  ): Promise<PublishedEvent>;
  publish(topic: string | Topic, payload: object, options?: PublishOptions): Promise<PublishedEvent> {
    return this.publisher.publish(topic instanceof Topic ? topic.name : topic, payload, options);
  }

  /**
   * Sends a delivery again, once and at once, with the same `webhook-id` and the current secret; answers what came back.
   * It has no bearing on the health of the endpoint.
   * @throws DeliveryNotFoundError, NotResendableError
   */
  async resend(deliveryId: string, { tenant }: Pick<Scope, 'tenant'> = {}): Promise<Attempt> {
    const delivery = await this.deliveries.byId(deliveryId);
    if (delivery && [undefined, delivery.tenant].includes(tenant)) return this.requests.resend(delivery);
    throw new DeliveryNotFoundError(`There is no delivery ${JSON.stringify(deliveryId)}.`);
  }

  /**
   * Sends the example of a topic to a subscription, once; answers what came back. It is stored nowhere.
   * @throws SubscriptionNotFoundError, UnknownTopicError
   */
  async test(subscription: string | number, topic: string, scope: Scope = {}): Promise<TestResult> {
    const found = await this.subscriptions.get(subscription, scope);
    return this.requests.test(found, this.catalogue.get(topic).exampleEvent);
  }

  /**
   * The host's OpenAPI document with what is sent of each topic in its `webhooks` section. It becomes a document of
   * OpenAPI 3.1, which is the first to have one; what `@nestjs/swagger` wrote for 3.0 is translated.
   * @example SwaggerModule.setup('docs', app, () => webhooks.openapi(SwaggerModule.createDocument(app, config)));
   */
  openapi<Document extends OpenApiDocument>(document: Document): Document {
    return this.documents.openapi(document);
  }

  /** An AsyncAPI 3.0 document of what is sent of each topic. @param heading what counts over the option `asyncapi` */
  asyncapi(heading?: DocumentHeading): AsyncApiDocument {
    return this.documents.asyncapi(heading);
  }

  /** Calls `listener` with everything that happens in this process's engine from now on; answers how to stop that. */
  subscribe(listener: (event: LifecycleEvent) => void): () => void {
    return this.lifecycle.subscribe(listener);
  }

  /** Whether this process's engine works: it reaches the database and has a lease. Never rejects. */
  health(options?: HealthOptions): Promise<Health> {
    return this.engineHealth.check(options);
  }

  /**
   * The public keys that deliveries are signed for now, newest first by subscription: for a page of the host's own that
   * receivers may read. @param tenant whose subscriptions. @default everybody's
   */
  publicKeys(tenant?: string): Promise<PublicKey[]> {
    return this.keys.list(tenant);
  }

  /**
   * Encrypts every secret with the first key that is under another one, or in clear. It happens by itself after each boot;
   * when this has answered, and no process has the old key first, the old key can go.
   * @throws WebhooksError when the application ends before
   */
  reencryptSecrets(): Promise<Upkeep> {
    return this.secrets.run();
  }

  /** Resolves when this process has nothing under way: all that is due has been tried. For tests and shutdowns. */
  idle(): Promise<void> {
    return this.activity.idle();
  }
}
