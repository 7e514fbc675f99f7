import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import type { Topic } from '../topics/topic';
import { WebhooksService } from '../webhooks.service';

/** The part of `@nestjs/event-emitter`'s EventEmitter2 that is used here. */
export interface Emitter {
  on(name: string, listener: (payload: object) => unknown): unknown;
  off(name: string, listener: (payload: object) => unknown): unknown;
}

/**
 * Publishes what the host emits under a topic's name. Durable when `emitAsync` resolves; after a plain `emit` the event
 * is lost if the process dies within the next milliseconds.
 */
@Injectable()
export class EmittedEvents {
  private readonly detachments: (() => void)[] = [];

  constructor(
    private readonly webhooks: WebhooksService,
    private readonly lifecycle: Lifecycle,
  ) {}

  attachTo(emitter: Emitter, topics: readonly Topic[]): void {
    for (const topic of topics) {
      const listener = (payload: object) => this.publish(topic, payload);
      emitter.on(topic.name, listener);
      this.detachments.push(() => emitter.off(topic.name, listener));
    }
  }

  detach(): void {
    this.detachments.splice(0).forEach((detach) => detach());
  }

  private publish(topic: Topic, payload: object): Promise<unknown> {
    const published = this.webhooks.publish(topic, payload);
    // `emitAsync` passes a failure on to its caller; a plain `emit` has nobody, and must not end the process.
    published.catch((error: unknown) =>
      this.lifecycle.emit({ type: 'engine.failed', doing: `publishing the emitted ${topic.name}`, error }),
    );
    return published;
  }
}
