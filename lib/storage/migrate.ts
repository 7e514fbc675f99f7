import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { Database } from './database';

/** What happens to the tables at boot. */
export type SchemaOption = 'migrate' | 'verify';

/**
 * Brings the tables up to date, or makes sure that they are.
 * @throws WebhooksConfigurationError when they are to be verified and are not up to date
 */
export async function prepareSchema(database: Database, option: SchemaOption): Promise<void> {
  if (option === 'migrate') return database.exclusively(() => migrate(database));
  if (await database.dataSource.showMigrations()) {
    throw new WebhooksConfigurationError(
      `The tables that begin with "${database.prefix}" are not up to date, and schema is 'verify'. ` +
        "Start one process with schema: 'migrate' first, such as a step of your deployment.",
    );
  }
}

async function migrate(database: Database): Promise<void> {
  await database.dataSource.runMigrations({ transaction: 'all' });
}
