import type { DeliveriesRepository, LaneContent } from '../../lib/deliveries/deliveries.repository';
import type { DueDelivery } from '../../lib/deliveries/delivery';
import { Lifecycle } from '../../lib/deliveries/lifecycle';
import type { SequencesRepository } from '../../lib/deliveries/sequences.repository';
import { Lane } from '../../lib/lanes/lane';
import { Refills } from '../../lib/lanes/refills';
import { Turns } from '../../lib/lanes/turns';
import { Activity } from '../../lib/shared/activity';
import type { KnownSubscriptions } from '../../lib/subscriptions/known-subscriptions';
import type { SubscriptionsRepository } from '../../lib/subscriptions/subscriptions.repository';
import { FakeClock } from '../support/fake-clock';

const delivery = (id: string): DueDelivery => ({
  id,
  eventId: `evt_${id}`,
  subscriptionId: 'sub_1',
  attemptCount: 0,
  dueAt: 0,
  sequence: null,
});
const content = (more: Partial<LaneContent> = {}): LaneContent => ({
  due: [delivery('dlv_1')],
  nextDueAt: null,
  more: false,
  othersWait: false,
  ...more,
});

describe('A refill', () => {
  const clock = new FakeClock();
  const turns = new Turns({} as SequencesRepository, {} as SubscriptionsRepository, clock);

  it('is counted before anybody sees what it brought', async () => {
    const repository = { laneContent: () => Promise.resolve(content()) } as Partial<DeliveriesRepository>;
    const known = { get: () => Promise.resolve(undefined) } as Partial<KnownSubscriptions>;
    const activity = new Activity();
    const lifecycle = new Lifecycle();
    const refills = new Refills(
      repository as DeliveriesRepository,
      known as KnownSubscriptions,
      turns,
      lifecycle,
      activity,
      clock,
    );
    const lane = new Lane('sub_1', true);
    const seen: string[] = [];
    const endRefill = lane.endRefill.bind(lane);
    lane.endRefill = (...brought) => {
      endRefill(...brought);
      queueMicrotask(() => seen.push('seen'));
    };
    await new Promise<void>((resolve) =>
      refills.request(lane, () => {
        seen.push(`counted ${lane.buffered}`);
        setImmediate(resolve);
      }),
    );
    expect(seen).toEqual(['counted 1', 'seen']);
  });

  it('looks again for those that wait for nobody, though others of the lane are in no order', async () => {
    const lane = new Lane('sub_1', true);
    const { nextDueAt, due } = await turns.sift(lane, content({ othersWait: true }));
    expect(due).toHaveLength(1);
    expect(nextDueAt).toBe(clock.now() + 500);
    expect(lane.turns).toBeDefined();
  });
});
