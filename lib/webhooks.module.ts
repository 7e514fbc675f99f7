import {
  ConfigurableModuleBuilder,
  Module,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { RegisteredEntities } from './bridge/registered-entities';
import { HOST_DATA_SOURCE } from './bridge/host-bridges';
import { EventsRepository } from './events/events.repository';
import { DeliveriesRepository } from './deliveries/deliveries.repository';
import { managementControllers } from './http/management-controllers';
import { ParseFailures, SERVED_CONTRACTS } from './http/parse-failures';
import { EngineHealth } from './observability/engine-health';
import { ReplaysService } from './replays/replays.service';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import { SubscriptionsRepository } from './subscriptions/subscriptions.repository';
import { StatisticsService } from './statistics/statistics.service';
import { SubscriptionsService } from './subscriptions/subscriptions.service';
import { TopicCatalogue } from './topics/catalogue';
import type { Topic } from './topics/topic';
import type { WebhooksOptions, WebhooksStructure } from './webhooks.options';
import { providers } from './webhooks.providers';
import { settingsFrom, WEBHOOKS_SETTINGS } from './webhooks.settings';
import { WebhooksService } from './webhooks.service';
import { checkedStructure } from './webhooks.structure';

/** By name, because the builder takes out of the options what it finds here. */
const UNSAID: Record<keyof WebhooksStructure, undefined> = {
  guards: undefined,
  imports: undefined,
  allowUnauthenticated: undefined,
  path: undefined,
  version: undefined,
  tenant: undefined,
  contracts: undefined,
  dataSource: undefined,
  tablePrefix: undefined,
};

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<WebhooksOptions>({
  moduleName: 'Webhooks',
})
  .setClassMethodName('forRoot')
  .setExtras<WebhooksStructure>(UNSAID, (definition, structure) => withStructure(definition, structure))
  .build();

/** What a part of the host adds to the catalogue. */
export interface WebhooksFeature {
  /** Topics made with `defineTopic`. */
  readonly topics?: readonly Topic[];
  /** TypeORM entities whose inserts, updates and removals are topics. */
  readonly entities?: readonly Type[];
}

/**
 * Lets a host send webhooks: the management API, signed and retried delivery, and the ways to publish.
 *
 * @example
 * WebhooksModule.forRoot({ guards: [ApiKeyGuard], tenant: (request) => request.account.id })
 */
@Module({})
export class WebhooksModule extends ConfigurableModuleClass implements NestModule {
  constructor(private readonly parseFailures: ParseFailures) {
    super();
  }

  /** Called by Nest before it makes the routes. */
  configure(): void {
    this.parseFailures.watchFastify();
  }

  /**
   * Once per application, with the options at hand.
   * @throws WebhooksConfigurationError when management routes have no guard, or an option is wrong
   */
  static override forRoot(options: WebhooksOptions & WebhooksStructure = {}): DynamicModule {
    return super.forRoot(options);
  }

  /**
   * Once per application, with options that other providers know. The structural ones (guards, path, tenant and their
   * kin) stand beside `useFactory`.
   */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<WebhooksOptions> & WebhooksStructure,
  ): DynamicModule {
    return super.forRootAsync(options);
  }

  /** Registers topics and entities, as often as the host has features. */
  static forFeature(feature: WebhooksFeature): DynamicModule {
    assertFeature(feature);
    const registration = {
      provide: Symbol('WebhooksFeature'),
      inject: [TopicCatalogue, RegisteredEntities],
      useFactory: (catalogue: TopicCatalogue, entities: RegisteredEntities) => {
        feature.topics?.forEach((topic) => catalogue.register(topic));
        feature.entities?.forEach((entity) => entities.register(entity));
        return feature;
      },
    };
    return { module: WebhooksFeatureModule, providers: [registration] };
  }
}

@Module({})
class WebhooksFeatureModule {}

function assertFeature(feature: WebhooksFeature): void {
  const unknown = Object.keys(feature).find((key) => !['topics', 'entities'].includes(key));
  if (unknown === undefined) return;
  throw new WebhooksConfigurationError(`Expected forFeature to be given topics and entities, got "${unknown}".`);
}

function withStructure(definition: DynamicModule, given: WebhooksStructure): DynamicModule {
  const structure = checkedStructure(given);
  return {
    ...definition,
    global: true,
    imports: [...(definition.imports ?? []), ...structure.imports],
    controllers: managementControllers(structure.contracts),
    providers: [
      ...(definition.providers ?? []),
      { provide: WEBHOOKS_SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: settingsFrom },
      { provide: HOST_DATA_SOURCE, useExisting: getDataSourceToken(structure.dataSource) },
      { provide: SERVED_CONTRACTS, useValue: structure.contracts },
      ...providers(structure),
    ],
    exports: [
      WebhooksService,
      SubscriptionsService,
      SubscriptionsRepository,
      EventsRepository,
      DeliveriesRepository,
      ReplaysService,
      StatisticsService,
      EngineHealth,
      TopicCatalogue,
      RegisteredEntities,
    ],
  };
}
