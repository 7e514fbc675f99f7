import type { Answer, FailureKind } from '../transport/transport';

/** How fast a lane may go: it earns its share, as TCP does. */
export interface Pace {
  /** How many of its deliveries may be in flight. */
  readonly window: number;
  /** How often in a row its receiver proved overburdened or unreachable. */
  readonly strains: number;
  /** No attempt before this time of the monotonic clock. */
  readonly pausedUntil: number;
}

export const FIRST_PACE: Pace = { window: 2, strains: 0, pausedUntil: 0 };

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const OVERBURDENED: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const UNREACHABLE: ReadonlySet<FailureKind> = new Set([
  'timeout',
  'dns',
  'connection',
  'tls',
  'protocol',
  'credentials',
]);

/** What is known when an attempt has been answered, or has not. All times are those of the monotonic clock. */
export interface AnsweredAttempt {
  readonly answer: Answer;
  readonly startedAt: number;
  readonly now: number;
  /** How long the receiver asked to be left alone, where it did, within the ceiling. */
  readonly askedWaitMs: number | undefined;
  /** When the same delivery is tried again; null when it is not. */
  readonly nextAttemptAt: number | null;
  /** The most that may be in flight in one lane. */
  readonly cap: number;
}

/** The pace of a lane after an attempt. */
export function paceAfter(pace: Pace, attempt: AnsweredAttempt): Pace {
  if (isStrain(attempt.answer)) return strained(pace, attempt);
  // An answer to a request from before the pause says nothing about what came after.
  if (attempt.startedAt < pace.pausedUntil) return pace;
  return { window: Math.min(pace.window + 1, attempt.cap), strains: 0, pausedUntil: pace.pausedUntil };
}

/** Whether an answer says that the receiver as a whole is in trouble, and not just this one delivery. */
function isStrain(answer: Answer): boolean {
  return answer.kind === 'response' ? OVERBURDENED.has(answer.status) : UNREACHABLE.has(answer.failure);
}

function strained(pace: Pace, { startedAt, now, askedWaitMs, nextAttemptAt }: AnsweredAttempt): Pace {
  const asked = askedWaitMs === undefined ? 0 : now + askedWaitMs;
  // Attempts that were in flight together tell of one and the same trouble, not of many.
  if (startedAt < pace.pausedUntil) return { ...pace, window: 1, pausedUntil: Math.max(pace.pausedUntil, asked) };
  const grown = now + Math.min(FIRST_PAUSE_MS * 2 ** pace.strains, LONGEST_PAUSE_MS);
  // The delivery that found the trouble serves as the probe, so its own schedule bounds the pause.
  const pause = nextAttemptAt === null ? grown : Math.min(grown, nextAttemptAt);
  return { window: 1, strains: pace.strains + 1, pausedUntil: Math.max(pause, asked) };
}
