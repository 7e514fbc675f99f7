import { RetrySchedule } from '../../lib/retry/retry-schedule';
import { Duration } from '../../lib/shared/duration';
import { WebhooksConfigurationError } from '../../lib/shared/webhooks.error';

const inTheMiddle = (): number => 0.5;
const LOWEST = 0;
const HIGHEST = 1 - Number.EPSILON / 2;

function allWaitsMs(schedule: RetrySchedule): (number | undefined)[] {
  return Array.from({ length: schedule.attempts }, (_, index) => schedule.waitMs(index + 1, inTheMiddle));
}

describe('the default schedule', () => {
  const schedule = new RetrySchedule();

  it('makes ten attempts', () => {
    expect(schedule.attempts).toBe(10);
  });

  it('waits as Standard Webhooks recommends, then gives up', () => {
    const [second, minute, hour] = [1_000, 60_000, 3_600_000];
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * hour);
    expect(allWaitsMs(schedule)).toEqual([5 * second, 5 * minute, 30 * minute, ...hours, undefined]);
  });
});

describe('a schedule', () => {
  it('makes the first attempt at once', () => {
    expect(new RetrySchedule(['1h']).waitMs(0, inTheMiddle)).toBe(0);
  });

  it('never retries when its list is empty', () => {
    const schedule = new RetrySchedule([]);
    expect(schedule.attempts).toBe(1);
    expect(schedule.waitMs(1, inTheMiddle)).toBeUndefined();
  });

  it('stays exhausted, however many attempts were made', () => {
    expect(new RetrySchedule(['1s']).waitMs(1_000_000, inTheMiddle)).toBeUndefined();
  });

  it('takes milliseconds, units and waits of nothing', () => {
    expect(allWaitsMs(new RetrySchedule([1500, '250ms', '1.5h', 0]))).toEqual([1500, 250, 5_400_000, 0, undefined]);
  });

  it('does not change when the list it was made from does', () => {
    const waits: Duration[] = ['1s', '2s'];
    const schedule = new RetrySchedule(waits);
    waits.pop();
    expect(schedule.attempts).toBe(3);
  });
});

describe('jitter', () => {
  it('makes a wait up to a fifth shorter or longer by default', () => {
    const schedule = new RetrySchedule([10_000]);
    expect(schedule.waitMs(1, () => LOWEST)).toBe(8_000);
    expect(schedule.waitMs(1, () => HIGHEST)).toBe(12_000);
  });

  it('can be turned off', () => {
    const schedule = new RetrySchedule([10_000], { jitter: 0 });
    expect([LOWEST, 0.3, HIGHEST].map((value) => schedule.waitMs(1, () => value))).toEqual([10_000, 10_000, 10_000]);
  });

  it('can reach from nothing to double', () => {
    const schedule = new RetrySchedule([10_000], { jitter: 1 });
    expect(schedule.waitMs(1, () => LOWEST)).toBe(0);
    expect(schedule.waitMs(1, () => HIGHEST)).toBe(20_000);
  });

  it('gives whole milliseconds within its bounds, whatever the wait, the share and the chance', () => {
    for (let round = 0; round < 2_000; round += 1) {
      const [wait, jitter] = [Math.floor(Math.random() * 86_400_000), Math.random()];
      const waitMs = new RetrySchedule([wait], { jitter }).waitMs(1, Math.random)!;
      expect(Number.isInteger(waitMs)).toBe(true);
      expect(waitMs).toBeGreaterThanOrEqual(Math.floor(wait * (1 - jitter)));
      expect(waitMs).toBeLessThanOrEqual(Math.ceil(wait * (1 + jitter)));
    }
  });

  it('spreads deliveries that failed together over the whole range', () => {
    const schedule = new RetrySchedule([10_000]);
    const waits = Array.from({ length: 100 }, (_, index) => schedule.waitMs(1, () => index / 100));
    expect(new Set(waits).size).toBe(100);
  });
});

describe('a schedule is refused at boot', () => {
  it.each([
    [[-1], 'retry.schedule to be waits in milliseconds or such as "5s", "30m" or "2h", got -1.'],
    [['-5s'], `got '-5s'.`],
    [['5s', '5 minutes'], `got '5 minutes'.`],
    [[NaN], 'got NaN.'],
    [[Infinity], 'got Infinity.'],
    [[null], 'got null.'],
    [['366d'], `retry.schedule to be waits of at most 365 days, got '366d'.`],
    [['9'.repeat(400) + 'd'], 'at most 365 days'],
    [Array(101).fill('1s'), 'retry.schedule to be a list of at most 100 waits, got 101.'],
    ['5s', `retry.schedule to be a list of waits such as ["5s", "5m"], got '5s'.`],
    [null, 'got null.'],
  ])('when it is %j', (waits, message) => {
    const make = () => new RetrySchedule(waits as Duration[]);
    expect(make).toThrow(WebhooksConfigurationError);
    expect(make).toThrow(message);
  });

  it.each([-0.1, 1.1, NaN, '20%'])('when its jitter is %p', (jitter) => {
    const make = () => new RetrySchedule([], { jitter: jitter as number });
    expect(make).toThrow(WebhooksConfigurationError);
    expect(make).toThrow('Expected retry.jitter to be a number from 0 to 1');
  });

  it('but not when it has exactly 100 waits', () => {
    expect(new RetrySchedule(Array<Duration>(100).fill('1s')).attempts).toBe(101);
  });
});

describe('a schedule written as text', () => {
  it('holds waits with commas between, with or without spaces', () => {
    expect(allWaitsMs(RetrySchedule.parse('1s,2s, 5m '))).toEqual([1_000, 2_000, 300_000, undefined]);
  });

  it('says "none" for no retries', () => {
    expect(RetrySchedule.parse('none').attempts).toBe(1);
  });

  it('takes the same options', () => {
    expect(RetrySchedule.parse('10s', { jitter: 0 }).waitMs(1, () => LOWEST)).toBe(10_000);
  });

  it.each(['', ' ', '1s,', '1s,,2s', '1s;2s', '1000', 'none,1s'])('is refused when it is %p', (text) => {
    expect(() => RetrySchedule.parse(text)).toThrow(WebhooksConfigurationError);
  });
});
