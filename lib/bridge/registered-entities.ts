import { Injectable, type Type } from '@nestjs/common';
import type { EntityMetadata } from 'typeorm';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { TopicCatalogue } from '../topics/catalogue';
import { Topic } from '../topics/topic';
import { webhookEntityOptions, type EntityChange, type WebhookEntityOptions } from './webhook-entity.decorator';

const CHANGES: readonly EntityChange[] = ['created', 'updated', 'deleted'];

/** The host's entities whose changes are topics. */
@Injectable()
export class RegisteredEntities {
  private readonly entities = new Map<unknown, RegisteredEntity>();

  constructor(private readonly catalogue: TopicCatalogue) {}

  /** Makes the entity's changes topics. @throws WebhooksConfigurationError when a topic exists already */
  register(entity: Type): void {
    if (typeof entity !== 'function') {
      throw new WebhooksConfigurationError(
        `Expected entities to be classes with TypeORM's @Entity(), got ${JSON.stringify(entity)}.`,
      );
    }
    if (this.entities.has(entity)) return;
    const registered = new RegisteredEntity(entity);
    registered.topics.forEach((topic) => this.catalogue.register(topic));
    this.entities.set(entity, registered);
  }

  /** The registration of an entity or of the entity that it inherits its table from. */
  find(metadata: EntityMetadata): RegisteredEntity | undefined {
    const target = [metadata.target, ...metadata.inheritanceTree].find((each) => this.entities.has(each));
    return this.entities.get(target);
  }

  /** Whether a topic is a registered entity's. */
  ownsTopic(name: string): boolean {
    return [...this.entities.values()].some(({ topics }) => topics.some((topic) => topic.name === name));
  }

  /** Every registered class. */
  classes(): Type[] {
    return [...this.entities.keys()] as Type[];
  }
}

export class RegisteredEntity {
  readonly options: WebhookEntityOptions<object>;
  private readonly topicByChange: ReadonlyMap<EntityChange, Topic>;

  constructor(entity: Type) {
    this.options = webhookEntityOptions(entity);
    const { topic: prefix = kebabCase(entity.name), on = CHANGES } = this.options;
    const published = CHANGES.filter((change) => on.includes(change));
    this.topicByChange = new Map(published.map((change) => [change, topicOf(this.options, prefix, change)]));
  }

  get topics(): Topic[] {
    return [...this.topicByChange.values()];
  }

  /** The topic of a change, or undefined where that change is not published. */
  topicOf(change: EntityChange): Topic | undefined {
    return this.topicByChange.get(change);
  }
}

function topicOf(options: WebhookEntityOptions<object>, prefix: string, change: EntityChange): Topic {
  const { payloadType, group, version, deprecated, example, schema, jsonSchema, validate } = options;
  const article = /^[aeiou]/i.test(prefix) ? 'An' : 'A';
  const description = `${article} ${prefix} was ${change}.`;
  const facts = { description, group, version, deprecated, example, schema, jsonSchema, validate };
  return new Topic(`${prefix}.${change}`, payloadType, facts);
}

function kebabCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3-$2').toLowerCase();
}
