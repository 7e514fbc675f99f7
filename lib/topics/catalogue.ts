import { Injectable } from '@nestjs/common';
import { WebhooksConfigurationError, WebhooksError } from '../shared/webhooks.error';
import { isPattern, matches } from './pattern';
import { nearest } from './nearest';
import { Topic } from './topic';

/** Thrown when something names a topic that nobody registered. */
export class UnknownTopicError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNKNOWN_TOPIC';
  override readonly status = 422;
}

/** Every topic that this host can publish. */
@Injectable()
export class TopicCatalogue {
  private readonly topics = new Map<string, Topic>();

  /** @throws WebhooksConfigurationError when another topic has the name */
  register(topic: Topic): void {
    const known = this.topics.get(topic.name);
    if (known === topic) return;
    if (known) {
      throw new WebhooksConfigurationError(
        `The topic "${topic.name}" is registered twice. Define it once and register that one; ` +
          `an entity registers its own "….created", "….updated" and "….deleted".`,
      );
    }
    this.topics.set(topic.name, topic);
  }

  /** All topics, by name. */
  list(): Topic[] {
    return [...this.topics.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws UnknownTopicError with the nearest name */
  get(name: string): Topic {
    const topic = this.topics.get(name);
    if (topic) return topic;
    throw new UnknownTopicError(
      `No topic ${JSON.stringify(name)} is registered${this.suggestion(name)}. ` +
        `Register topics with WebhooksModule.forFeature({ topics: [...] }).`,
    );
  }

  /** Why a subscription may not ask for this pattern, or undefined when it may. */
  objectionTo(pattern: string): string | undefined {
    if (!isPattern(pattern)) return `"${pattern}" is not a topic pattern: expected "order.created", "order.*" or "*"`;
    if (pattern === '*' || this.list().some(({ name }) => matches(pattern, name))) return undefined;
    return `"${pattern}" matches no topic${this.suggestion(pattern)}`;
  }

  private suggestion(name: string): string {
    const near = nearest(name, [...this.topics.keys()]);
    return near === undefined ? '' : ` (did you mean "${near}"?)`;
  }
}
