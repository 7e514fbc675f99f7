import { mysqlQuery } from '../support/databases/mysql.engine';
import { postgresQuery } from '../support/databases/postgres.engine';

/** Has the server end every connection to this database. */
export async function disconnectEveryone(databaseUrl: string): Promise<void> {
  if (databaseUrl.startsWith('mysql')) return disconnectFromMysql(databaseUrl);
  await postgresQuery(
    databaseUrl,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
}

async function disconnectFromMysql(databaseUrl: string): Promise<void> {
  const others = 'SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()';
  for (const { id } of await mysqlQuery(databaseUrl, others)) {
    await mysqlQuery(databaseUrl, `KILL ${Number(id)}`).catch(() => undefined); // it may have left meanwhile
  }
}
