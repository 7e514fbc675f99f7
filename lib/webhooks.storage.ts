import type { Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { HOST_DATA_SOURCE } from './bridge/host-bridges';
import { BacklogRepository } from './deliveries/backlog.repository';
import { DeliveriesRepository } from './deliveries/deliveries.repository';
import { FailureStreaks } from './deliveries/failure-streaks';
import { SequencesRepository } from './deliveries/sequences.repository';
import { SecretCipher } from './encryption/secret-cipher';
import { EventsRepository } from './events/events.repository';
import { RecentEvents } from './events/recent-events';
import { LanesRepository } from './lanes/lanes.repository';
import { ReplaysRepository } from './replays/replays.repository';
import { RetentionRepository } from './retention/retention.repository';
import { StatisticsRepository } from './statistics/statistics.repository';
import { Database } from './storage/database';
import { prepareSchema } from './storage/migrate';
import { openDatabase } from './storage/open-database';
import { SqlBacklogRepository } from './storage/sql-backlog.repository';
import { SqlDeliveriesRepository } from './storage/sql-deliveries.repository';
import { SqlEventsRepository } from './storage/sql-events.repository';
import { SqlFailureStreaks } from './storage/sql-failure-streaks';
import { SqlLanesRepository } from './storage/sql-lanes.repository';
import { SqlReplaysRepository } from './storage/sql-replays.repository';
import { SqlRetentionRepository } from './storage/sql-retention.repository';
import { SqlSecretStore } from './storage/sql-secret-store';
import { SqlSequencesRepository } from './storage/sql-sequences.repository';
import { SqlStatisticsRepository } from './storage/sql-statistics.repository';
import { SqlSubscriptionsRepository } from './storage/sql-subscriptions.repository';
import { SecretStore } from './subscriptions/secret-store';
import { SubscriptionsRepository } from './subscriptions/subscriptions.repository';
import { WEBHOOKS_SETTINGS, type WebhooksSettings } from './webhooks.settings';

/** The database and what is kept in it. */
export function storage(tablePrefix: string): Provider[] {
  return [
    {
      provide: Database,
      inject: [HOST_DATA_SOURCE, WEBHOOKS_SETTINGS],
      useFactory: async (host: DataSource, { poolSize, schema }: WebhooksSettings) => {
        const database = await openDatabase(host, { tablePrefix, poolSize });
        await prepareSchema(database, schema);
        return database;
      },
    },
    {
      provide: SecretCipher,
      inject: [WEBHOOKS_SETTINGS],
      useFactory: ({ encryptionKeys }: WebhooksSettings) => new SecretCipher(encryptionKeys),
    },
    {
      provide: EventsRepository,
      inject: [Database, WEBHOOKS_SETTINGS],
      useFactory: (database: Database, settings: WebhooksSettings) =>
        new SqlEventsRepository(database, settings.sweepAfterMs),
    },
    {
      provide: SubscriptionsRepository,
      inject: [Database, SecretCipher],
      useFactory: (db: Database, cipher: SecretCipher) => new SqlSubscriptionsRepository(db, cipher),
    },
    {
      provide: SecretStore,
      inject: [Database, SecretCipher],
      useFactory: (db: Database, cipher: SecretCipher) => new SqlSecretStore(db, cipher),
    },
    {
      provide: DeliveriesRepository,
      inject: [Database],
      useFactory: (db: Database) => new SqlDeliveriesRepository(db),
    },
    { provide: ReplaysRepository, inject: [Database], useFactory: (db: Database) => new SqlReplaysRepository(db) },
    { provide: SequencesRepository, inject: [Database], useFactory: (db: Database) => new SqlSequencesRepository(db) },
    { provide: BacklogRepository, inject: [Database], useFactory: (db: Database) => new SqlBacklogRepository(db) },
    { provide: FailureStreaks, inject: [Database], useFactory: (db: Database) => new SqlFailureStreaks(db) },
    { provide: RetentionRepository, inject: [Database], useFactory: (db: Database) => new SqlRetentionRepository(db) },
    {
      provide: StatisticsRepository,
      inject: [Database],
      useFactory: (db: Database) => new SqlStatisticsRepository(db),
    },
    { provide: LanesRepository, inject: [Database], useFactory: (db: Database) => new SqlLanesRepository(db) },
    {
      provide: RecentEvents,
      inject: [EventsRepository],
      useFactory: (events: EventsRepository) => new RecentEvents(events),
    },
  ];
}
