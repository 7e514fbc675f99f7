import { nextAttemptAt } from '../retry/next-attempt';
import { retryAfterMs } from '../retry/retry-after';
import type { Answer } from '../transport/transport';
import type { DeliveryProfile } from './delivery-profile';

/** What an answer means for its delivery and for its subscription. */
export interface Verdict {
  readonly state: 'delivered' | 'pending' | 'failed';
  /** When to try again, in milliseconds since the epoch; null unless pending. */
  readonly nextAttemptAt: number | null;
  /** Why the subscription is to be turned off; null when it is not. */
  readonly suspend: string | null;
}

/** What judging needs to know besides the answer. */
export interface Case {
  readonly profile: DeliveryProfile;
  /** How many attempts were made, this one included. */
  readonly attemptCount: number;
  /** How many of them ended at a refused address, this one included. */
  readonly refusals: number;
  /** Whether the receiver took the request, but not this event of it. @default false */
  readonly isRefused?: boolean;
  readonly now: number;
  /** Gives numbers from 0 up to but not including 1. */
  readonly random: () => number;
  /** The longest wait that a receiver may ask for. */
  readonly retryAfterCeilingMs: number;
}

/**
 * How many attempts may end at a refused address. DNS errs now and then, so one is not the end; but whoever points a
 * name at our network is not to have us ask for it over three days.
 */
const MOST_REFUSALS = 3;

const FAILED = { state: 'failed', nextAttemptAt: null, suspend: null } as const;

/** Decides what becomes of a delivery. */
export function judge(answer: Answer, judged: Case): Verdict {
  if (answer.kind === 'failure') return triedAgain(answer, judged);
  const { profile } = judged;
  const wish = profile.obeysReceivers ? answer.headers['webhook-delivery'] : undefined;
  const unsubscribes = wish === 'disable' ? 'asked for by the receiver' : null;
  if (profile.succeeds(answer.status) && !judged.isRefused)
    return { state: 'delivered', nextAttemptAt: null, suspend: unsubscribes };
  const suspend = unsubscribes ?? profile.suspends(answer.status);
  if (suspend !== null || wish === 'abort-message') return { ...FAILED, suspend };
  return triedAgain(answer, judged);
}

function triedAgain(answer: Answer, the: Case): Verdict {
  const { profile, attemptCount, now, random, retryAfterCeilingMs } = the;
  if (isRefusedAddress(answer) && the.refusals >= MOST_REFUSALS) return FAILED;
  const failed = {
    failedAttempts: attemptCount,
    nowMs: now,
    retryAfterMs: askedWaitMs(answer, now),
    retryAfterCeilingMs,
  };
  const next = nextAttemptAt(profile.schedule, failed, random) ?? (isOurs(answer) ? now + OUR_WAIT_MS : null);
  return next === null ? FAILED : { state: 'pending', nextAttemptAt: next, suspend: null };
}

/** Whether nothing was sent because the address policy refuses where the URL leads. */
export function isRefusedAddress(answer: Answer): boolean {
  return answer.kind === 'failure' && answer.failure === 'address_refused';
}

/** What fails because of this process alone is tried until that is put right, however long it takes. */
const OUR_WAIT_MS = 3_600_000;

/** Whether an attempt failed for a reason that says nothing about the endpoint. */
export function isOurs(answer: Answer): boolean {
  return answer.kind === 'failure' && answer.failure === 'secret_unreadable';
}

/** How long the receiver asked us to wait, where it did. */
export function askedWaitMs(answer: Answer, now: number): number | undefined {
  return answer.kind === 'response' ? retryAfterMs(answer.headers['retry-after'], now) : undefined;
}
