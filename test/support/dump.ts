import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import type { DataSource } from 'typeorm';

const TABLES = {
  'better-sqlite3': `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
  postgres: `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  mysql: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()`,
  mariadb: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()`,
};

/** Everything that is in the database, as text: every row of every table, and on SQLite the bytes of its files. */
export async function dumpOf(dataSource: DataSource): Promise<string> {
  const { type, database } = dataSource.options;
  const tables = await dataSource.query<{ name: string }[]>(TABLES[type as keyof typeof TABLES]);
  const rows: string[] = [];
  for (const { name } of tables) rows.push(name, JSON.stringify(await dataSource.query(`SELECT * FROM ${name}`)));
  return [...rows, ...(type === 'better-sqlite3' ? bytesOf(String(database)) : [])].join('\n');
}

function bytesOf(file: string): string[] {
  return ['', '-wal', '-journal']
    .map((suffix) => file + suffix)
    .filter((each) => existsSync(each))
    .map((each) => readFileSync(each, 'latin1'));
}

/** All that a value could show of itself to a careless log. @param showHidden what only a debugger would look at, too */
export function shownBy(value: unknown, { showHidden = true } = {}): string {
  const json = JSON.stringify(value, (_, each: unknown) =>
    each instanceof Error ? { ...each, stack: each.stack } : each,
  );
  return `${json}\n${String(value)}\n${inspect(value, { depth: 12, showHidden, getters: true, maxArrayLength: null })}`;
}
