import type { DataSourceOptions } from 'typeorm';

/** TypeORM options for a `DATABASE_URL`: `sqlite:/path`, `postgres://…`, `mysql://…` or `mariadb://…`. */
export function dataSourceOptions(url: string): DataSourceOptions {
  const scheme = url.slice(0, url.indexOf(':'));
  switch (scheme) {
    case 'sqlite':
      return { type: 'better-sqlite3', database: url.slice('sqlite:'.length) };
    case 'postgres':
    case 'postgresql':
      return { type: 'postgres', url };
    case 'mysql':
    case 'mariadb':
      return { type: scheme, url };
    default:
      throw new Error(`Expected a database URL to start with sqlite:, postgres: or mysql:, got "${url}".`);
  }
}
