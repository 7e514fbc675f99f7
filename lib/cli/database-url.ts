import type { DataSourceOptions } from 'typeorm';
import { urlFrom } from '../shared/url';
import { UsageError } from './command';

const CONNECT_TIMEOUT_MS = 10_000;
const FORMS = 'postgres://user@host/name, mysql://user@host/name, or sqlite:path/of/the.file';

/** How to reach a database, and what to call it where others may read along. */
export interface DatabaseAddress {
  readonly options: DataSourceOptions;
  /** Without credentials. */
  readonly shown: string;
}

/**
 * @param url `postgres://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, or the path of a SQLite file
 * @param create whether a SQLite file that is not there is made
 * @throws UsageError that does not repeat the URL
 */
export function databaseAddress(
  url: string,
  { schema, create }: { readonly schema?: string; readonly create: boolean },
): DatabaseAddress {
  const [, scheme = 'sqlite', rest = url] = /^([a-z][a-z0-9+]+):(.*)$/is.exec(url) ?? [];
  const kind = scheme.toLowerCase();
  if (schema !== undefined && !kind.startsWith('postgres')) throw new UsageError('--schema is for Postgres only.');
  if (['postgres', 'postgresql'].includes(kind)) {
    const options = { type: 'postgres', url, schema, connectTimeoutMS: CONNECT_TIMEOUT_MS } as const;
    return { options, shown: shownUrl(url) };
  }
  if (kind === 'mysql' || kind === 'mariadb') {
    const ssl = parsedUrl(url).searchParams.get('ssl') === 'true' ? {} : undefined;
    return { options: { type: kind, url, ssl, connectTimeout: CONNECT_TIMEOUT_MS }, shown: shownUrl(url) };
  }
  if (kind === 'sqlite') return sqliteAddress(rest.replace(/^\/\/(?=\/)/, ''), create);
  throw new UsageError(`Expected the database to be ${FORMS}, got something that begins with "${scheme}:".`);
}

/** The text without the database's URL and password: drivers may repeat what they were given. */
export function withoutCredentials(
  text: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const given = [...args.map((arg) => arg.replace(/^--[a-z-]+=/, '')), env.WEBHOOKS_DATABASE_URL ?? ''];
  const urls = given.filter((each) => urlFrom(each)?.password);
  const secrets = urls.flatMap((url) => [url, urlFrom(url)!.password, decoded(urlFrom(url)!.password)]);
  return secrets.filter((secret) => secret !== '').reduce((safe, secret) => safe.replaceAll(secret, '…'), text);
}

function sqliteAddress(path: string, create: boolean): DatabaseAddress {
  if (path === '' || path.includes(':memory:')) {
    throw new UsageError('Expected the path of a SQLite file: a database in memory is inside its host, out of reach.');
  }
  return {
    options: { type: 'better-sqlite3', database: path, fileMustExist: !create },
    shown: `sqlite:${path}`,
  };
}

function shownUrl(text: string): string {
  const { protocol, host, pathname } = parsedUrl(text);
  return `${protocol}//${host}${pathname}`;
}

function parsedUrl(text: string): URL {
  const url = urlFrom(text);
  if (url) return url;
  throw new UsageError(`Expected the database to be ${FORMS}, got a URL that cannot be read.`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
