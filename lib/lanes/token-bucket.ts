/** How many requests may be made: `burst` at once, and `perSecond` in the long run. */
export interface BucketLimits {
  readonly perSecond: number;
  readonly burst: number;
}

/** The right to make one request. */
export interface Token {
  /** The request is made now. */
  use(now: number): void;
  /** No request was made, where none was. */
  giveBack(): void;
}

/**
 * A token bucket: in any span of t seconds at most `burst + perSecond × t` requests are made, counted when they really
 * are, however long it took from the taking of a token to its use. It begins empty, so that the bound holds across a
 * change of hands as well. All times are those of the monotonic clock.
 */
export class TokenBucket {
  private readonly intervalMs: number;
  /** When it would be full again if no more tokens were used: a time instead of a count, so that nothing adds up wrong. */
  private fullAt: number;
  /** Tokens that were taken and are not used yet. They stay in the bucket, so that no others fill their place. */
  private taken = 0;

  constructor(
    readonly limits: BucketLimits,
    now: number,
  ) {
    this.intervalMs = 1_000 / limits.perSecond;
    this.fullAt = now + limits.burst * this.intervalMs;
  }

  /** From when on a token can be taken; Infinity when one that was taken has to be used or given back before. */
  get availableAt(): number {
    const others = this.limits.burst - 1 - this.taken;
    return others < 0 ? Infinity : this.fullAt - others * this.intervalMs;
  }

  /** Takes a token, which has to be available. */
  take(): Token {
    this.taken += 1;
    let isOut = true;
    const end = () => {
      if (isOut) this.taken -= 1;
      isOut = false;
    };
    return {
      use: (now) => {
        if (isOut) this.fullAt = Math.max(this.fullAt, now) + this.intervalMs;
        end();
      },
      giveBack: end,
    };
  }
}

/** The bucket for these limits: the one there is, where they are still the same. */
export function bucketFor(limits: BucketLimits | undefined, bucket: TokenBucket | undefined, now: number) {
  if (!limits) return undefined;
  const isSame = bucket?.limits.perSecond === limits.perSecond && bucket.limits.burst === limits.burst;
  return isSame ? bucket : new TokenBucket(limits, now);
}
