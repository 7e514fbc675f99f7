import { join } from 'node:path';
import { Child } from '../test/processes/child';
import type { Commands } from '../test/processes/commands';
import type { DatabaseHandle, DatabaseKind } from '../test/support/databases/engine';
import { MysqlEngine } from '../test/support/databases/mysql.engine';
import { PostgresEngine } from '../test/support/databases/postgres.engine';
import { SqliteEngine } from '../test/support/databases/sqlite.engine';
import type { HostCommands, HostSettings } from './host.process';
import type { ReceiverCommands, ReceiverSettings } from './receiver.process';

const { WEBHOOKS_TEST_POSTGRES_URL, WEBHOOKS_TEST_MYSQL_URL } = process.env;
const POSTGRES = WEBHOOKS_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const MARIADB = WEBHOOKS_TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';

export type Host = Child<HostCommands>;
export type Receiver = Child<ReceiverCommands>;

/** Everything that a measurement sets up: processes and databases, taken down again whatever happens. */
export class Stage {
  private readonly struck: (() => Promise<unknown>)[] = [];

  async database(kind: DatabaseKind = 'postgres'): Promise<DatabaseHandle> {
    const database = await engineFor(kind).create();
    this.struck.push(() => database.drop());
    return database;
  }

  /** A host that sends webhooks, on a database of its own unless told otherwise. */
  async host(settings: Partial<HostSettings> = {}, env: NodeJS.ProcessEnv = {}): Promise<Host> {
    const databaseUrl = settings.databaseUrl ?? (await this.database()).url;
    return this.process<HostCommands>('host.process.ts', { ...settings, databaseUrl }, env);
  }

  receiver(settings: ReceiverSettings = {}): Promise<Receiver> {
    return this.process<ReceiverCommands>('receiver.process.ts', settings);
  }

  async process<Known extends Commands>(program: string, settings: object, env = {}): Promise<Child<Known>> {
    const nodeOptions = ['--expose-gc', ...profiling(program)];
    const child = await Child.start<Known>(join(__dirname, program), { settings, env, nodeOptions });
    this.struck.push(() => child.end());
    return child;
  }

  /** Takes everything down, the latest first: hosts end before their databases go. */
  async strike(): Promise<void> {
    for (let next = this.struck.pop(); next; next = this.struck.pop()) await next();
  }
}

function engineFor(kind: DatabaseKind) {
  switch (kind) {
    case 'sqlite':
      return new SqliteEngine();
    case 'postgres':
      return new PostgresEngine(POSTGRES);
    case 'mysql':
      return new MysqlEngine(MARIADB);
  }
}

/** `BENCH_PROFILE=folder` writes a CPU profile of every process whose program is not the receiver. */
function profiling(program: string): string[] {
  const folder = process.env.BENCH_PROFILE;
  return folder && !program.startsWith('receiver') ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}
