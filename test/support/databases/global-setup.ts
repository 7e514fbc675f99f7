import { EmbeddedPostgres } from './embedded-postgres';
import { mysqlQuery } from './mysql.engine';
import { postgresQuery } from './postgres.engine';
import { announceServers, requiredServers, type Server } from './servers';

const LOCAL_MYSQL = 'mysql://root@127.0.0.1:3306';

/** Jest's global setup and teardown share nothing but the global object. */
export interface RunOfTheSpecs {
  embeddedPostgres?: EmbeddedPostgres;
}

/** Decides once per run which database servers there are. */
export default async function globalSetup(): Promise<void> {
  requiredServers();
  const [postgres, mysql] = await Promise.all([findPostgres(), findMysql()]);
  announceServers({ postgres, mysql });
}

function findPostgres(): Promise<Server> {
  const url = process.env.WEBHOOKS_TEST_POSTGRES_URL;
  if (url) return serverAt('WEBHOOKS_TEST_POSTGRES_URL', url, postgresQuery);
  return EmbeddedPostgres.start().then(
    (embeddedPostgres) => {
      (globalThis as RunOfTheSpecs).embeddedPostgres = embeddedPostgres;
      return { url: embeddedPostgres.url };
    },
    (error: unknown) => ({ missing: `embedded-postgres does not start: ${reason(error)}` }),
  );
}

function findMysql(): Promise<Server> {
  const url = process.env.WEBHOOKS_TEST_MYSQL_URL;
  if (url) return serverAt('WEBHOOKS_TEST_MYSQL_URL', url, mysqlQuery);
  return serverAt(`${LOCAL_MYSQL}, for want of WEBHOOKS_TEST_MYSQL_URL,`, LOCAL_MYSQL, mysqlQuery);
}

type Query = (url: string, sql: string) => Promise<unknown>;

async function serverAt(source: string, url: string, query: Query): Promise<Server> {
  try {
    await query(url, 'SELECT 1');
    return { url };
  } catch (error) {
    return { missing: `${source} does not answer: ${reason(error)}` };
  }
}

function reason(error: unknown): string {
  // Node reports "every address refused" as an AggregateError without a message.
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
