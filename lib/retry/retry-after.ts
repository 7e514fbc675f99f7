const DELAY_SECONDS = /^\d+$/;
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = '\\d{2}:\\d{2}:\\d{2}';
const DATE = new RegExp(`^${DAY}, \\d{2} ${MONTH} \\d{4} ${TIME} GMT$`);
const RFC_850_DATE = new RegExp(`^${LONG_DAY}, \\d{2}-${MONTH}-\\d{2} ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(`^${DAY} ${MONTH} [ \\d]\\d ${TIME} \\d{4}$`);

/**
 * Milliseconds from `nowMs` (epoch) that a `Retry-After` header asks to wait: whole seconds, or a date in any of the
 * three forms that HTTP knows (RFC 9110, sections 5.6.7 and 10.2.3). A date in the past is 0; anything else is undefined.
 */
export function retryAfterMs(headerValue: string | undefined, nowMs: number): number | undefined {
  if (headerValue === undefined) return undefined;
  if (DELAY_SECONDS.test(headerValue)) return Math.min(Number(headerValue) * 1000, Number.MAX_SAFE_INTEGER);
  const date = httpDate(headerValue);
  return Number.isNaN(date) ? undefined : Math.max(date - nowMs, 0);
}

function httpDate(text: string): number {
  if (DATE.test(text) || RFC_850_DATE.test(text)) return Date.parse(text);
  // The oldest form names no time zone and would be read as local time.
  if (ASCTIME_DATE.test(text)) return Date.parse(`${text} GMT`);
  return NaN;
}
