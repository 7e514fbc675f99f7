import { join } from 'node:path';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { RetrySchedule, type Duration, type RetryOptions, type TransportFactory } from 'nestjs-webhooks';

/** What the sample app is told from outside. */
export interface Settings {
  /** 0 is any free one. */
  readonly port: number;
  readonly database: TypeOrmModuleOptions;
  readonly retry: RetryOptions;
  /** What secrets are encrypted with in the database; the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly string[];
  /** What makes the requests. @default axios, which trusts the authorities that Node trusts: `NODE_EXTRA_CA_CERTS` too */
  readonly transport?: TransportFactory;
}

/** For this machine only: whoever has the source has it. `openssl rand -base64 32` makes a real one. */
const DEVELOPMENT_KEY = Buffer.alloc(32, 'sample').toString('base64');
const DEFAULT_DATABASE_URL = `sqlite:${join(__dirname, 'data', 'sample.sqlite')}`;

/** @throws Error that names the variable, what it may be and what it is */
export function settingsFrom(environment: NodeJS.ProcessEnv): Settings {
  return {
    port: portOf(environment.PORT ?? '3000'),
    database: databaseOf(environment.DATABASE_URL ?? DEFAULT_DATABASE_URL),
    retry: retryOf(environment.WEBHOOKS_RETRY_SCHEDULE),
    encryptionKeys: (environment.WEBHOOKS_ENCRYPTION_KEYS ?? DEVELOPMENT_KEY).split(','),
  };
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`Expected PORT to be a number from 0 to 65535, got ${JSON.stringify(text)}.`);
}

function databaseOf(url: string): TypeOrmModuleOptions {
  const [, scheme, file] = /^(\w+):(.+)$/.exec(url) ?? [];
  if (scheme === 'sqlite') return { type: 'better-sqlite3', database: file! };
  if (scheme === 'postgres' || scheme === 'postgresql') return { type: 'postgres', url };
  if (scheme === 'mysql' || scheme === 'mariadb') return { type: scheme, url };
  throw new Error(`Expected DATABASE_URL to be sqlite:<file>, postgres://… or mysql://…, got a URL of another kind.`);
}

function retryOf(text: string | undefined): RetryOptions {
  if (text === undefined) return {};
  try {
    RetrySchedule.parse(text);
  } catch (cause) {
    throw new Error(`WEBHOOKS_RETRY_SCHEDULE is not a list of waits such as 1s,2s,5s. ${(cause as Error).message}`, {
      cause,
    });
  }
  return { schedule: text.trim() === 'none' ? [] : text.split(',').map((wait) => wait.trim() as Duration) };
}
