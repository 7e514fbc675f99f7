import { type DatabaseHandle, type DatabaseKind, Engine } from './databases/engine';
import { MysqlEngine } from './databases/mysql.engine';
import { PostgresEngine } from './databases/postgres.engine';
import { announcedServers, requiredServers, type ServerKind } from './databases/servers';
import { SqliteEngine } from './databases/sqlite.engine';

export type { DatabaseHandle, DatabaseKind };
export { dataSourceOptions } from './databases/data-source-options';

/** The kind of database that a suite runs on. */
export interface TestDatabase {
  readonly kind: DatabaseKind;
  /** Makes a fresh, empty database; the ones a suite leaves behind are dropped after it. */
  create(): Promise<DatabaseHandle>;
}

export interface DatabaseChoice {
  /** @default all of them */
  only?: DatabaseKind[];
}

type Suite = (database: TestDatabase) => void;

const KINDS: DatabaseKind[] = ['sqlite', 'postgres', 'mysql'];
export const DATABASE_NAMES: Record<DatabaseKind, string> = {
  sqlite: 'SQLite',
  postgres: 'Postgres',
  mysql: 'MariaDB',
};

/**
 * Describes the same suite once per database.
 * A server that is missing is skipped with its reason, or is an error when `WEBHOOKS_TEST_REQUIRE` names it.
 */
export function describeEachDatabase(suite: Suite): void;
export function describeEachDatabase(choice: DatabaseChoice, suite: Suite): void;
export function describeEachDatabase(...parameters: [Suite] | [DatabaseChoice, Suite]): void {
  const [choice, suite] = parameters.length === 1 ? [{}, parameters[0]] : parameters;
  for (const kind of choice.only ?? KINDS) describeOn(kind, suite);
}

function describeOn(kind: DatabaseKind, suite: Suite): void {
  const engine = engineOf(kind);
  if (engine instanceof Engine) describe(`on ${DATABASE_NAMES[kind]}`, () => runTidied(engine, suite));
  else describe.skip(`on ${DATABASE_NAMES[kind]} (skipped: ${engine.missing})`, () => suite(absent(kind)));
}

/** Where databases of this kind are made, or why there is none. */
export function engineOf(kind: DatabaseKind): Engine | { missing: string } {
  if (kind === 'sqlite') return new SqliteEngine();
  const server = announcedServers()[kind];
  if ('missing' in server) return missing(kind, server.missing);
  return kind === 'postgres' ? new PostgresEngine(server.url) : new MysqlEngine(server.url);
}

function missing(kind: ServerKind, reason: string): { missing: string } {
  if (!requiredServers().includes(kind)) return { missing: reason };
  throw new Error(`WEBHOOKS_TEST_REQUIRE asks for ${kind}, but ${reason}`);
}

function runTidied(engine: Engine, suite: Suite): void {
  const made: DatabaseHandle[] = [];
  suite({
    kind: engine.kind,
    async create() {
      const handle = await engine.create();
      made.push(handle);
      return handle;
    },
  });
  // After the suite, and so after its own hooks: these may still be closing what uses the database.
  afterAll(() => Promise.all(made.map((handle) => handle.drop())));
}

function absent(kind: DatabaseKind): TestDatabase {
  return { kind, create: () => Promise.reject(new Error(`There is no ${DATABASE_NAMES[kind]} here.`)) };
}
