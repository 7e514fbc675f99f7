import * as fc from 'fast-check';
import { bucketFor, TokenBucket } from '../../lib/lanes/token-bucket';
import { excessOf } from '../support/rate-bound';

describe('A token bucket', () => {
  it('begins empty', () => {
    expect(new TokenBucket({ perSecond: 2, burst: 5 }, 1_000).availableAt).toBe(1_500);
  });

  it('fills up to its burst and no further', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    const now = 60_000;
    let made = 0;
    for (; bucket.availableAt <= now; made++) bucket.take().use(now);
    expect([made, bucket.availableAt]).toEqual([3, 60_100]);
  });

  it('knows fractions: one in two seconds', () => {
    const bucket = new TokenBucket({ perSecond: 0.5, burst: 1 }, 0);
    expect(bucket.availableAt).toBe(2_000);
    bucket.take().use(2_000);
    expect(bucket.availableAt).toBe(4_000);
  });

  it('takes back what was not used, once', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
    const token = bucket.take();
    expect(bucket.availableAt).toBe(Infinity);
    token.giveBack();
    token.giveBack();
    token.use(5_000);
    expect(bucket.availableAt).toBe(1_000);
  });

  it('fills no place of a token that was taken and is not used yet', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, 0);
    const slow = bucket.take();
    bucket.take().use(100_000);
    expect(bucket.availableAt).toBe(101_000);
    slow.use(100_000);
    expect(bucket.availableAt).toBe(101_000);
  });

  it('stays the same while its limits do, and begins anew with others', () => {
    const bucket = bucketFor({ perSecond: 1, burst: 2 }, undefined, 0);
    expect(bucketFor({ perSecond: 1, burst: 2 }, bucket, 9_000)).toBe(bucket);
    expect(bucketFor({ perSecond: 2, burst: 2 }, bucket, 9_000)!.availableAt).toBe(9_500);
    expect(bucketFor(undefined, bucket, 0)).toBeUndefined();
  });

  const limits = fc.record({
    perSecond: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
    burst: fc.integer({ min: 1, max: 20 }),
  });
  /** How long nothing happens, how long a token is held before its use, and whether it is used at all. */
  const steps = fc.array(fc.tuple(fc.nat(3_000), fc.nat(3_000), fc.boolean()), { maxLength: 200 });

  it('never exceeds its limits in any span, however late its tokens are used and whoever has it', () => {
    fc.assert(
      fc.property(limits, steps, fc.nat(200), (given, all, handedOverAt) => {
        const used: number[] = [];
        let held: { readonly at: number; readonly use: (now: number) => void; readonly giveBack: () => void }[] = [];
        let bucket = new TokenBucket(given, 0);
        let now = 0;
        for (const [index, [waitMs, holdMs, isUsed]] of all.entries()) {
          now += waitMs;
          if (index === handedOverAt) [bucket, held] = [new TokenBucket(given, now), []];
          for (const token of held.filter(({ at }) => at <= now)) {
            token.use(now);
            used.push(now);
          }
          held = held.filter(({ at }) => at > now);
          while (bucket.availableAt <= now) {
            const token = bucket.take();
            if (!isUsed) {
              token.giveBack();
              break;
            }
            held.push({ at: now + holdMs, ...token });
          }
        }
        expect(excessOf(used, given)).toBeLessThanOrEqual(1e-6);
      }),
    );
  });
});
