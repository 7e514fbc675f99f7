import { Injectable } from '@nestjs/common';
import { WebhooksConfigurationError, WebhooksError } from '../shared/webhooks.error';
import { isPattern, patternsFor } from './pattern';
import { nearest } from './nearest';
import { Topic } from './topic';
import { payloadIn, type TopicVersions, type VersionedPayload } from './topic-versions';

/** Thrown when something names a topic that nobody registered. */
export class UnknownTopicError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNKNOWN_TOPIC';
  override readonly status = 422;
}

/** Every topic that this host can publish. */
@Injectable()
export class TopicCatalogue {
  private readonly topics = new Map<string, Topic>();
  private readonly patterns = new Set(['*']);

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
    patternsFor(topic.name).forEach((pattern) => this.patterns.add(pattern));
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

  /** The same, and undefined where there is none: topics go, and their events stay. */
  find(name: string): Topic | undefined {
    return this.topics.get(name);
  }

  /** Those that one of these patterns matches. */
  matching(patterns: readonly string[]): Topic[] {
    const wanted = new Set(patterns);
    return this.list().filter(({ name }) => patternsFor(name).some((pattern) => wanted.has(pattern)));
  }

  /** An event's payload in the version that a subscription stays with. @throws TransformFailedError */
  payloadIn(event: VersionedPayload & { readonly topic: string }, versions: TopicVersions | undefined): string {
    const topic = this.topics.get(event.topic);
    return topic ? payloadIn(topic, event, versions) : event.payload;
  }

  /** Whether a subscription may ask for this pattern. */
  has(pattern: string): boolean {
    return this.patterns.has(pattern);
  }

  /** Why it may not. @param suggests whether to look for what was meant, which takes the longer the more topics there are */
  objectionTo(pattern: string, suggests: boolean): string {
    if (!isPattern(pattern)) return `"${pattern}" is not a topic pattern: expected "order.created", "order.*" or "*"`;
    return `"${pattern}" matches no topic${suggests ? this.suggestion(pattern) : ''}`;
  }

  private suggestion(name: string): string {
    const near = nearest(name, [...this.topics.keys()]);
    return near === undefined ? '' : ` (did you mean "${near}"?)`;
  }
}
