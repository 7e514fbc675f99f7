import { randomBytes } from 'node:crypto';
import type { DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from './data-source-options';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

/** A database that one test made for itself. */
export interface DatabaseHandle {
  readonly kind: DatabaseKind;
  readonly url: string;
  /** What a host gives `TypeOrmModule.forRoot`: no entities, no synchronize. */
  readonly options: DataSourceOptions;
  /** Removes the database, whoever is still connected to it. Dropping twice is fine. */
  drop(): Promise<void>;
}

/** A database server, or a file system, that can make fresh databases. */
export abstract class Engine {
  abstract readonly kind: DatabaseKind;

  protected abstract make(databaseName: string): Promise<string>;
  protected abstract remove(databaseName: string): Promise<void>;

  async create(): Promise<DatabaseHandle> {
    const databaseName = `webhooks_test_${randomBytes(8).toString('hex')}`;
    const url = await this.make(databaseName);
    return { kind: this.kind, url, options: dataSourceOptions(url), drop: () => this.remove(databaseName) };
  }
}

/** The URL of another database on the same server. */
export function urlOfDatabase(serverUrl: string, databaseName: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
}
