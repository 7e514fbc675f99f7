import { durationMs, type Duration } from '../shared/duration';

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;
const AGO = /^\d+(\.\d+)?(s|m|h|d)$/;

/** A date, a time (in UTC unless it says otherwise) or a length of time before now, in milliseconds since the epoch. */
export function timeOf(text: string, now: number): number | undefined {
  if (AGO.test(text)) return now - durationMs(text as Duration);
  const parts = TIME.exec(text);
  if (!parts && !DATE.test(text)) return undefined;
  const iso = text.replace(' ', 'T');
  const time = Date.parse(parts && parts[3] === undefined ? `${iso}Z` : iso);
  return Number.isNaN(time) ? undefined : time;
}

/** `2026-01-31 08:00:00Z` */
export function shownTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
