import type { QueryError, RowDataPacket } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { Engine, urlOfDatabase } from './engine';

export class MysqlEngine extends Engine {
  readonly kind = 'mysql';

  constructor(private readonly serverUrl: string) {
    super();
  }

  protected async make(databaseName: string): Promise<string> {
    await mysqlQuery(this.serverUrl, `CREATE DATABASE ${databaseName} CHARACTER SET utf8mb4`);
    return urlOfDatabase(this.serverUrl, databaseName);
  }

  protected async remove(databaseName: string): Promise<void> {
    await this.disconnectEveryoneFrom(databaseName);
    await mysqlQuery(this.serverUrl, `DROP DATABASE IF EXISTS ${databaseName}`);
  }

  // DROP DATABASE waits for ever for an open transaction, and there is no WITH (FORCE) as Postgres has.
  private async disconnectEveryoneFrom(databaseName: string): Promise<void> {
    const connected = `SELECT id FROM information_schema.processlist WHERE db = '${databaseName}'`;
    const connections = await mysqlQuery(this.serverUrl, connected);
    await Promise.all(connections.map(({ id }) => this.disconnect(Number(id))));
  }

  private async disconnect(id: number): Promise<void> {
    await mysqlQuery(this.serverUrl, `KILL ${id}`).catch((error: unknown) => {
      if ((error as QueryError).code !== 'ER_NO_SUCH_THREAD') throw error; // it has left meanwhile
    });
  }
}

export async function mysqlQuery(serverUrl: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection({ uri: serverUrl, connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
