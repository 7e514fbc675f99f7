import type { FailureKind } from '../transport/transport';

/** One HTTP request that was made for a delivery, and what came of it. */
export interface Attempt {
  /** `att_` and 32 hex digits. */
  readonly id: string;
  readonly deliveryId: string;
  /** 1 for the first. */
  readonly number: number;
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
