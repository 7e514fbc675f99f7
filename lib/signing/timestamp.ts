import { InvalidSignatureError } from './invalid-signature.error';
import type { VerifyOptions } from './signature-scheme';

const DEFAULT_TOLERANCE_MS = 5 * 60_000;

/** How a header writes the time: epoch seconds, epoch milliseconds, or `2026-01-02T03:04:05Z`. */
export type TimestampFormat = 'seconds' | 'milliseconds' | 'iso';

/** A time as the request has it, which is what is signed, and what it means. */
export interface Timestamp {
  readonly text: string;
  /** Whole seconds since the epoch. */
  readonly seconds: number;
}

interface Notation {
  readonly pattern: RegExp;
  readonly description: string;
  readonly write: (seconds: number) => string;
  readonly read: (text: string) => number;
}

const NOTATIONS: Record<TimestampFormat, Notation> = {
  seconds: {
    pattern: /^\d{1,15}$/,
    description: 'whole seconds since the epoch',
    write: String,
    read: Number,
  },
  milliseconds: {
    pattern: /^\d{1,15}$/,
    description: 'whole milliseconds since the epoch',
    write: (seconds) => String(seconds * 1000),
    read: (text) => Math.floor(Number(text) / 1000),
  },
  iso: {
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
    description: 'an ISO 8601 time with a zone',
    write: (seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    read: (text) => Math.floor(Date.parse(text) / 1000),
  },
};

export const TIMESTAMP_FORMATS = Object.keys(NOTATIONS) as readonly TimestampFormat[];

export function writeTimestamp(seconds: number, format: TimestampFormat): Timestamp {
  return { text: NOTATIONS[format].write(seconds), seconds };
}

/** @throws InvalidSignatureError when the text is not a time in this format */
export function readTimestamp(text: string, format: TimestampFormat): Timestamp {
  const { pattern, description, read } = NOTATIONS[format];
  const seconds = pattern.test(text) ? read(text) : NaN;
  if (!Number.isNaN(seconds)) return { text, seconds };
  throw new InvalidSignatureError(`Expected the request's timestamp to be ${description}.`);
}

/** @throws InvalidSignatureError when the time is further from now than the tolerance */
export function assertRecent({ seconds }: Timestamp, options: VerifyOptions): void {
  const { now, toleranceMs = DEFAULT_TOLERANCE_MS } = options;
  const ageSeconds = Math.floor(now / 1000) - seconds;
  if (Math.abs(ageSeconds) * 1000 <= toleranceMs) return;
  throw new InvalidSignatureError(
    `Expected the request's timestamp to be within ${toleranceMs / 1000} seconds of now, got one ` +
      `${Math.abs(ageSeconds)} seconds ${ageSeconds > 0 ? 'ago' : 'ahead'}. If the request is not a repetition, check ` +
      'the clocks.',
  );
}
