import * as fc from 'fast-check';
import { batchSize, batchSizeWithin } from '../../lib/deliveries/batch-limits';
import type { DueDelivery } from '../../lib/deliveries/delivery';
import { BatchPlan, planFor } from '../../lib/lanes/batch-plan';
import { DueBuffer } from '../../lib/lanes/due-buffer';
import { FakeClock } from '../support/fake-clock';

function bufferOf(clock: FakeClock, ...deliveries: readonly { attemptCount?: number; dueInMs?: number }[]): DueBuffer {
  const buffer = new DueBuffer();
  deliveries.forEach(({ attemptCount = 0, dueInMs = 0 }, index) => {
    const dueAt = clock.now() + dueInMs;
    buffer.push({
      id: `dlv_${index}`,
      eventId: `evt_${index}`,
      subscriptionId: 'sub_1',
      attemptCount,
      dueAt,
      sequence: null,
    });
  });
  return buffer;
}

const ids = (deliveries: readonly DueDelivery[]) => deliveries.map(({ id }) => id);

describe('The plan of a batch', () => {
  const wanted = { maxEvents: 20, maxWaitMs: 2_000 };

  it('waits for others from when the first is due, wherever it was meanwhile', () => {
    const clock = new FakeClock();
    expect(new BatchPlan(wanted, clock).readyAt(bufferOf(clock, {}))).toBe(2_000);
    expect(new BatchPlan(wanted, clock).readyAt(bufferOf(clock, { dueInMs: -500 }))).toBe(1_500);
    expect(new BatchPlan(wanted, clock).readyAt(bufferOf(clock, { dueInMs: -9_000 }))).toBeLessThanOrEqual(0);
  });

  it('waits no longer because the clock of who published is ahead, or is set while it waits', () => {
    const clock = new FakeClock();
    const plan = new BatchPlan(wanted, clock);
    const buffer = bufferOf(clock, { dueInMs: 3_600_000 });
    expect(plan.readyAt(buffer)).toBe(2_000);
    clock.set(-3_600_000);
    expect(plan.readyAt(buffer)).toBe(2_000);
  });

  it('waits for nobody when it is full, or when the first has failed before', () => {
    const clock = new FakeClock();
    const full = Array.from({ length: 20 }, () => ({}));
    expect(new BatchPlan(wanted, clock).readyAt(bufferOf(clock, ...full))).toBe(0);
    expect(new BatchPlan(wanted, clock).readyAt(bufferOf(clock, { attemptCount: 1 }, {}))).toBe(0);
  });

  it('takes those that have failed as often as the first, fewer each time, and leaves the others in their order', () => {
    const clock = new FakeClock();
    const plan = new BatchPlan(wanted, clock);
    const buffer = bufferOf(clock, { attemptCount: 1 }, {}, { attemptCount: 1 }, { attemptCount: 1 }, {});
    expect(ids(plan.take(buffer))).toEqual(['dlv_0', 'dlv_2']);
    expect(ids(plan.take(buffer))).toEqual(['dlv_1', 'dlv_4']);
    expect(ids(plan.take(buffer))).toEqual(['dlv_3']);
    expect(buffer.size).toBe(0);
  });

  it('stays while the wish does', () => {
    const clock = new FakeClock();
    const plan = planFor(wanted, undefined, clock);
    expect(planFor({ ...wanted }, plan, clock)).toBe(plan);
    expect(planFor({ ...wanted, maxEvents: 21 }, plan, clock)).not.toBe(plan);
    expect(planFor(undefined, plan, clock)).toBeUndefined();
  });
});

describe('The size of a batch', () => {
  it('shrinks to a tenth with every failure', () => {
    expect([0, 1, 2, 3, 9].map((failed) => batchSize({ maxEvents: 1_000 }, failed))).toEqual([1_000, 100, 10, 1, 1]);
    expect([0, 1].map((failed) => batchSize({ maxEvents: 2 }, failed))).toEqual([2, 1]);
  });

  it('is one at the last attempt of a schedule that has several, and never grows on the way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000 }), fc.integer({ min: 1, max: 12 }), (maxEvents, attempts) => {
        const sizes = Array.from({ length: attempts }, (_, failed) => batchSizeWithin({ maxEvents }, failed, attempts));
        expect(sizes[0]).toBe(maxEvents);
        expect(sizes.slice(1).every((size, index) => size >= 1 && size <= sizes[index]!)).toBe(true);
        if (attempts > 1) expect(sizes.at(-1)).toBe(1);
      }),
    );
  });
});
