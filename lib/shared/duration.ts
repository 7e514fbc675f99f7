import { WebhooksConfigurationError } from './webhooks.error';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time: milliseconds as a number, or a number with a unit (`'250ms'`, `'5s'`, `'30m'`, `'2h'`, `'1d'`). */
export type Duration = number | `${number}${keyof typeof UNIT_MS}`;

/**
 * A duration in milliseconds.
 * @throws WebhooksConfigurationError when the text is not a duration
 */
export function durationMs(duration: Duration): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration;
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration));
  if (parts) return Math.round(Number(parts[1]) * UNIT_MS[parts[2] as keyof typeof UNIT_MS]);
  throw new WebhooksConfigurationError(
    `Expected a duration to be milliseconds or text such as "5s", "30m" or "2h", got ${JSON.stringify(duration)}.`,
  );
}

const NAMED_UNITS = [
  ['day', UNIT_MS.d],
  ['hour', UNIT_MS.h],
  ['minute', UNIT_MS.m],
] as const;

/** Milliseconds in words and whole units, such as `5 days`. */
export function durationInWords(ms: number): string {
  const [name, unitMs] = NAMED_UNITS.find(([, least]) => ms >= least) ?? ['second', UNIT_MS.s];
  const count = Math.floor(ms / unitMs);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
