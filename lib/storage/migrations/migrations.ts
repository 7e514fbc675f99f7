import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables } from './create-tables';
import type { ColumnTypes } from './column-types';
import { columnTypes } from './column-types';

/** The statements of one version of the tables. */
export type Version = (table: (name: string) => string, types: ColumnTypes) => string[];

/** Every version in order. Once released, a version never changes: a change is a new version. */
const VERSIONS: readonly [name: string, version: Version][] = [['CreateWebhooksTables1763700000000', createTables]];

/** What the versions are called, in order. */
export const VERSION_NAMES: readonly string[] = VERSIONS.map(([name]) => name);

/** The versions as TypeORM's migrations, for tables of this prefix. */
export function migrations(prefix: string): (new () => MigrationInterface)[] {
  return VERSIONS.map(
    ([name, version]) =>
      class implements MigrationInterface {
        readonly name = name;

        async up(queryRunner: QueryRunner): Promise<void> {
          const { type, schema } = queryRunner.manager.connection.options as { type: string; schema?: string };
          const qualified = (table: string) =>
            schema === undefined ? prefix + table : `"${schema}".${prefix}${table}`;
          for (const statement of version(qualified, columnTypes(type))) await queryRunner.query(statement);
        }

        down(): Promise<void> {
          return Promise.reject(new Error(`${name} cannot be undone: drop the tables that begin with "${prefix}".`));
        }
      },
  );
}
