import { defineTopic, EventsRepository, ReplaysService, type PublishOptions } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';
import { Step, StepReceiver } from '../support/step-receiver';

const OrderChanged = defineTopic('order.changed', Step, { subject: ({ order }) => order });

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderChanged], webhooks: { replayPerSecond: 20 } });
  let receiver: StepReceiver;

  beforeEach(async () => (receiver = await StepReceiver.start()));
  afterEach(() => receiver.close());

  const publish = (order: string, step: number, options: PublishOptions = {}) =>
    given.host.webhooks.publish(OrderChanged, { order, step }, options);
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('sends what a replay brings, however many newer keys wait for the replay to be over', async () => {
    const { host } = given;
    for (const step of numbers(100)) await publish(`old${step}-`, step);
    await host.webhooks.idle();
    const { id } = await host.subscribe({ url: receiver.url, preferences: { order: 'fifo' } });
    await host.app.get(ReplaysService).start(id, { from: 0, only: 'missing' });
    await Promise.all(numbers(400).map((number) => publish(`new${number}-`, 1)));
    await host.clock.advance('3s');
    expect(receiver.of('old').length).toBeGreaterThanOrEqual(60);
    expect(receiver.of('new')).toEqual([]);
    await host.clock.advance('30s');
    expect(receiver.of('old')).toHaveLength(100);
    expect(receiver.of('new')).toHaveLength(400);
  }, 60_000);

  it('keeps the order of calls that do not wait for each other, also where some have idempotency keys', async () => {
    const { host } = given;
    await host.subscribe({ url: receiver.url, preferences: { order: 'fifo' } });
    const events = host.app.get(EventsRepository);
    const insert = events.insert.bind(events);
    // Whatever can go before it, goes.
    jest.spyOn(events, 'insert').mockImplementation(async (together) => {
      for (let turns = 0; turns < 2_000; turns++) await new Promise((resolve) => setImmediate(resolve));
      return insert(together);
    });
    const keyOf = (step: number) => (step % 2 === 1 ? { idempotencyKey: `key ${step}` } : {});
    await Promise.all(numbers(6).map((step) => publish('A', step, keyOf(step))));
    await host.clock.advance('5s');
    expect(receiver.accepted).toEqual(numbers(6).map((step) => `A${step}`));
  });
});
