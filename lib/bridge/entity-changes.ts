import { Injectable } from '@nestjs/common';
import type { DataSource, EntityMetadata, EntitySubscriberInterface, ObjectLiteral, QueryRunner } from 'typeorm';
import { Lifecycle } from '../deliveries/lifecycle';
import type { HostTransaction } from '../publishing/host-transaction';
import { PayloadSchemas } from '../schemas/payload-schemas';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { Topic } from '../topics/topic';
import { WebhooksService } from '../webhooks.service';
import { completeRow, primaryKey, visibleColumns } from './entity-rows';
import { RegisteredEntities } from './registered-entities';
import { rowSchema } from './row-schema';
import type { EntityChange, WebhookEntityOptions } from './webhook-entity.decorator';

interface ChangeEvent {
  readonly metadata: EntityMetadata;
  readonly queryRunner: QueryRunner;
  readonly entity?: ObjectLiteral;
  readonly databaseEntity?: ObjectLiteral;
}

/** Publishes the changes of registered entities, in the very transaction that makes them. */
@Injectable()
export class EntityChanges implements EntitySubscriberInterface {
  /** One statement at a time on a connection: TypeORM tells of all rows of a bulk save at once. */
  private readonly lastOn = new WeakMap<QueryRunner, Promise<void>>();

  constructor(
    private readonly entities: RegisteredEntities,
    private readonly schemas: PayloadSchemas,
    private readonly webhooks: WebhooksService,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** @throws WebhooksConfigurationError when a registered class is not an entity of the data source */
  attachTo(host: DataSource): void {
    for (const entity of this.entities.classes()) {
      if (host.hasMetadata(entity)) {
        this.describe(host.getMetadata(entity));
        continue;
      }
      throw new WebhooksConfigurationError(
        `${entity.name} is registered with WebhooksModule.forFeature({ entities }), but is not an entity of the data ` +
          'source. Add it to the data source (entities, or autoLoadEntities and TypeOrmModule.forFeature).',
      );
    }
    host.subscribers.push(this);
  }

  /** Where the row goes out as it is, its columns say what that is like. */
  private describe(metadata: EntityMetadata): void {
    const registered = this.entities.find(metadata);
    if (!registered || registered.options.payload) return;
    registered.topics.forEach((topic) => this.schemas.describe(topic, () => rowSchema(metadata)));
  }

  afterInsert(event: ChangeEvent): Promise<void> {
    return this.publish('created', event);
  }

  afterUpdate(event: ChangeEvent): Promise<void> {
    return this.publish('updated', event);
  }

  afterRemove(event: ChangeEvent): Promise<void> {
    return this.publish('deleted', event);
  }

  afterSoftRemove(event: ChangeEvent): Promise<void> {
    return this.publish('deleted', event);
  }

  afterRecover(event: ChangeEvent): Promise<void> {
    return this.publish('created', event);
  }

  private async publish(change: EntityChange, event: ChangeEvent): Promise<void> {
    const registered = this.entities.find(event.metadata);
    const topic = registered?.topicOf(change);
    if (!topic) return;
    const row = completeRow(event.metadata, event.entity, event.databaseEntity);
    const key = primaryKey(event.metadata, row);
    if (key === undefined) {
      this.lifecycle.emit({ type: 'change.unattributable', entity: event.metadata.name, change });
    } else await this.inTurn(event.queryRunner, () => this.publishRow(topic, registered!.options, event, row, key));
  }

  private inTurn(queryRunner: QueryRunner, publish: () => Promise<void>): Promise<void> {
    const turn = (this.lastOn.get(queryRunner) ?? Promise.resolve()).catch(() => undefined).then(publish);
    this.lastOn.set(queryRunner, turn);
    return turn;
  }

  private async publishRow(
    topic: Topic,
    options: WebhookEntityOptions<object>,
    { metadata, queryRunner }: ChangeEvent,
    row: ObjectLiteral,
    key: string,
  ): Promise<void> {
    const payload = options.payload?.(row) ?? visibleColumns(metadata, row);
    const tenant = options.tenant?.(row) ?? null;
    const subject = String(options.id?.(row) ?? key);
    const transaction = sameConnection(queryRunner);
    await this.webhooks.publish(topic, payload, { transaction, tenant, subject });
  }
}

/** The transaction that changes the row; `insert()` may have none, and then at least the connection is the same. */
function sameConnection(queryRunner: QueryRunner): HostTransaction {
  return queryRunner.isTransactionActive ? queryRunner : (sql, params) => queryRunner.query(sql, params);
}
