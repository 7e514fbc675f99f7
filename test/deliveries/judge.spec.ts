import { judge, type Case } from '../../lib/deliveries/judge';
import type { DeliveryProfile } from '../../lib/deliveries/delivery-profile';
import { RetrySchedule } from '../../lib/retry/retry-schedule';
import type { Answer, FailureKind } from '../../lib/transport/transport';

const profile = {
  schedule: new RetrySchedule(undefined, { jitter: 0 }),
  succeeds: (status: number) => status < 300,
  suspends: () => null,
} as unknown as DeliveryProfile;

function failing(failure: FailureKind): Answer {
  return { kind: 'failure', failure, detail: '', durationMs: 0 };
}

function verdictOn(answer: Answer, given: Partial<Case>) {
  const the = { profile, attemptCount: 1, refusals: 0, now: 0, random: () => 0.5, retryAfterCeilingMs: 0, ...given };
  return judge(answer, the);
}

describe('A refused address', () => {
  const refused = failing('address_refused');

  it('is tried again, because DNS may have erred', () => {
    expect(verdictOn(refused, { refusals: 1 })).toMatchObject({ state: 'pending', nextAttemptAt: 5_000 });
    expect(verdictOn(refused, { attemptCount: 2, refusals: 2 })).toMatchObject({ nextAttemptAt: 300_000 });
  });

  it('ends the delivery the third time', () => {
    const verdict = { state: 'failed', nextAttemptAt: null, suspend: null };
    expect(verdictOn(refused, { attemptCount: 3, refusals: 3 })).toEqual(verdict);
  });

  it('does not count what failed otherwise', () => {
    expect(verdictOn(refused, { attemptCount: 5, refusals: 1 })).toMatchObject({ state: 'pending' });
    expect(verdictOn(failing('dns'), { attemptCount: 5 })).toMatchObject({ state: 'pending' });
  });

  it('gets no more attempts than the schedule has', () => {
    const once = { ...profile, schedule: new RetrySchedule([]) } as DeliveryProfile;
    expect(verdictOn(refused, { profile: once, refusals: 1 })).toMatchObject({ state: 'failed' });
  });
});
