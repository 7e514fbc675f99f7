import { Injectable } from '@nestjs/common';
import { Lifecycle, type LifecycleEvent } from './deliveries/lifecycle';
import { Publisher, type PublishedEvent, type PublishOptions } from './publishing/publisher';
import { Activity } from './shared/activity';
import type { PayloadOf, TopicName } from './topics/registered-topics';
import { Topic } from './topics/topic';

/** What hosts inject to publish events. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly publisher: Publisher,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
  ) {}

  /**
   * Publishes an event: every subscription that wants the topic, now, is owed a delivery.
   * Without `transaction` the event is durable when the promise resolves; with it, the event exists exactly if the
   * transaction commits.
   *
   * @throws UnknownTopicError, PayloadNotJsonError, PayloadTooLargeError, InvalidPublicationError,
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

  /** Calls `listener` with everything that happens in this process's engine from now on; answers how to stop that. */
  subscribe(listener: (event: LifecycleEvent) => void): () => void {
    return this.lifecycle.subscribe(listener);
  }

  /** Resolves when this process has nothing under way: all that is due has been tried. For tests and shutdowns. */
  idle(): Promise<void> {
    return this.activity.idle();
  }
}
