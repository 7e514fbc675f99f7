import { identifier } from '../shared/identifier';
import type { Answer, FailureKind } from '../transport/transport';

/** What came of one HTTP request. */
export interface Exchange {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly succeeded: boolean;
  /** The HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** What went wrong where no answer came, or null. */
  readonly failure: FailureKind | null;
  /** What went wrong, in words. */
  readonly detail: string | null;
  /** The first bytes of the answer's body. */
  readonly responseBody: string | null;
}

/** One HTTP request that was made for a delivery, and what came of it. */
export interface Attempt extends Exchange {
  /** `att_` and 32 hex digits. */
  readonly id: string;
  readonly deliveryId: string;
  /** 1 for the first of its schedule; null where somebody had it sent by hand. */
  readonly number: number | null;
}

/** What came of a request that was answered, or was not. */
export function exchangeOf(answer: Answer, startedAt: number, succeeded: boolean): Exchange {
  const responded = answer.kind === 'response';
  return {
    startedAt,
    durationMs: Math.round(answer.durationMs),
    succeeded,
    status: responded ? answer.status : null,
    failure: responded ? null : answer.failure,
    detail: responded ? null : answer.detail,
    responseBody: responded ? answer.body : null,
  };
}

/** What came of it in one word: the HTTP status, or the kind of failure. */
export function resultOf({ status, failure }: Pick<Exchange, 'status' | 'failure'>): string | null {
  return status === null ? failure : String(status);
}

/** The record of an attempt. */
export function attemptOf(deliveryId: string, number: number | null, exchange: Exchange): Attempt {
  return { id: identifier('att', exchange.startedAt), deliveryId, number, ...exchange };
}
