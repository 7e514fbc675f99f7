import type { ApiSchemaDescription } from './generated/openapi';

/** How a contract writes times. */
export interface TimeFormat {
  readonly schema: ApiSchemaDescription;
  /** @param atMs milliseconds since the epoch */
  write(atMs: number): string | number;
}

const DATE_TIME: ApiSchemaDescription = { type: String, format: 'date-time' };

const iso = (atMs: number) => new Date(atMs).toISOString();

/** `2018-03-30T00:00:16.159Z` */
export const milliseconds: TimeFormat = { schema: DATE_TIME, write: iso };

/** `2018-03-30T00:00:16.159000Z` */
export const microseconds: TimeFormat = { schema: DATE_TIME, write: (atMs) => iso(atMs).replace('Z', '000Z') };

/** `2018-03-30T00:00:16Z` */
export const seconds: TimeFormat = { schema: DATE_TIME, write: (atMs) => iso(atMs).replace(/\.\d+Z$/, 'Z') };

/** As Django REST framework writes them: six digits of a fraction, and none where they would all be zero. */
export const djangoTime: TimeFormat = {
  schema: DATE_TIME,
  write: (atMs) => (atMs % 1000 === 0 ? seconds : microseconds).write(atMs),
};

/** `1522368016` */
export const epochSeconds: TimeFormat = { schema: { type: 'integer' }, write: (atMs) => Math.floor(atMs / 1000) };

/** `1522368016159` */
export const epochMilliseconds: TimeFormat = { schema: { type: 'integer' }, write: (atMs) => atMs };

/** `2018-03-30T02:00:16`, what a clock on the wall of a time zone says. @param timeZone such as `Europe/Amsterdam` */
export function localTime(timeZone: string): TimeFormat {
  // Sweden writes dates as ISO 8601 does.
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return { schema: { type: String }, write: (atMs) => clock.format(atMs).replace(' ', 'T') };
}
