import { Client } from 'pg';
import { Engine, urlOfDatabase } from './engine';

export class PostgresEngine extends Engine {
  readonly kind = 'postgres';

  constructor(private readonly serverUrl: string) {
    super();
  }

  protected async make(databaseName: string): Promise<string> {
    await postgresQuery(this.serverUrl, `CREATE DATABASE ${databaseName}`);
    return urlOfDatabase(this.serverUrl, databaseName);
  }

  protected async remove(databaseName: string): Promise<void> {
    await postgresQuery(this.serverUrl, `DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`);
  }
}

export async function postgresQuery(serverUrl: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}
