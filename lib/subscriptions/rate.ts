import type { FieldObjection } from './subscription-errors';

/** How often a subscription is sent requests at the most. */
export interface Rate {
  /** How many requests a second, 0.01 to 1,000; 0.5 is one every two seconds. */
  readonly perSecond: number;
  /** How many of them may be made at once after a quiet time, 1 to 1,000. @default 1 */
  readonly burst?: number;
}

export const RATE_LIMITS = { perSecond: { least: 0.01, most: 1_000 }, burst: { least: 1, most: 1_000 } } as const;

const MEMBERS = ['perSecond', 'burst'];

/** What a rate has to be, in words. */
export const RATE_DESCRIPTION =
  'an object with perSecond (0.01 to 1000 requests) and, where more than one may be made at once, burst ' +
  '(a whole number from 1 to 1000)';

/** Whether a value is a rate. */
export function isRate(value: unknown): value is Rate {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!Object.keys(value).every((member) => MEMBERS.includes(member))) return false;
  const { perSecond, burst = 1 } = value as Partial<Rate>;
  return within(perSecond, RATE_LIMITS.perSecond) && within(burst, RATE_LIMITS.burst) && Number.isInteger(burst);
}

/** What is wrong with the rate that is asked for. */
export function objectionsToRate({ rate }: { readonly rate?: unknown }): FieldObjection[] {
  if (rate === undefined || isRate(rate)) return [];
  return [{ field: 'rate', message: `rate must be ${RATE_DESCRIPTION}`, rule: 'rate' }];
}

function within(value: unknown, { least, most }: { readonly least: number; readonly most: number }): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
