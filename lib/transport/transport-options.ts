import type { SecureContextOptions } from 'node:tls';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { ResolveHost } from './guarded-lookup';

/** How connections are made and kept, whatever HTTP client uses them. */
export interface ConnectionOptions {
  /**
   * How host names are resolved.
   * @default dns.lookup
   */
  resolveHost?: ResolveHost;
  /**
   * How many idle connections are kept, over all endpoints; the one idle longest goes first. 0 keeps none.
   * @default 1_024
   */
  idleConnections?: number;
  /**
   * How long an idle connection is kept, in milliseconds; shorter where the endpoint says so.
   * @default 30_000
   */
  idleConnectionMs?: number;
  /**
   * Which certificates to trust (`ca`, instead of Node's list) or to present, and the oldest TLS version to speak.
   * @default Node's own
   */
  tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'minVersion'>;
}

export interface TransportOptions extends ConnectionOptions {
  /**
   * How much of an answer's body is downloaded and kept, in bytes.
   * @default 16_384
   */
  responseBodyLimitBytes?: number;
}

/** The bounds that every transport keeps, with the defaults filled in. */
export type TransportBounds = Required<Omit<TransportOptions, 'resolveHost' | 'tls'>>;

/** @throws WebhooksConfigurationError when a bound is wrong */
export function boundsOf(options: TransportOptions): TransportBounds {
  return {
    responseBodyLimitBytes: wholeNumber('responseBodyLimitBytes', options.responseBodyLimitBytes ?? 16_384, 0),
    idleConnections: wholeNumber('idleConnections', options.idleConnections ?? 1_024, 0),
    idleConnectionMs: wholeNumber('idleConnectionMs', options.idleConnectionMs ?? 30_000, 1),
  };
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new WebhooksConfigurationError(`Expected ${name} to be a whole number of at least ${least}, got ${value}.`);
}
