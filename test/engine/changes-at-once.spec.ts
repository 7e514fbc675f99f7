import { defineTopic, SubscriptionsRepository, type SubscriptionChange } from 'nestjs-webhooks';
import { Lane } from '../../lib/lanes/lane';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';
import { idsIn } from './batches-host';

const First = defineTopic('order.created');
const Second = defineTopic('order.shipped');

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [First, Second] });

  /** Has one change written between the reading and the writing of the next one. */
  const meanwhile = (id: string, change: SubscriptionChange) => {
    const { host } = given;
    const repository = host.app.get(SubscriptionsRepository);
    const update = repository.update.bind(repository);
    jest.spyOn(repository, 'update').mockImplementationOnce(async (...args) => {
      await host.subscriptions.update(id, change);
      return update(...args);
    });
  };

  it('keeps preferences that are written while the topics of the same subscription change', async () => {
    const { host } = given;
    const { id } = await host.subscribe({ topics: ['order.created'] });
    meanwhile(id, { preferences: { order: 'fifo' } });
    await host.subscriptions.update(id, { topics: ['order.created', 'order.shipped'] });
    expect(await host.subscriptions.get(id)).toMatchObject({
      topics: ['order.created', 'order.shipped'],
      preferences: { order: 'fifo' },
    });
  });

  it('takes an event for refused that the answer names, though the lane does not know of batches yet', async () => {
    const { host } = given;
    const prefer = jest.spyOn(Lane.prototype, 'prefer').mockReturnValue(undefined);
    await host.subscribe({ preferences: { batch: { maxEvents: 10, maxWaitMs: 60_000 } } });
    host.receiver.decides((request) => ({ status: 200, body: JSON.stringify({ failed: idsIn(request) }) }));
    await host.webhooks.publish(First, {});
    await host.webhooks.idle();
    prefer.mockRestore();
    expect(host.receiver.requests).toHaveLength(1);
    expect((await host.deliveries.list({ limit: 1 })).data[0]).toMatchObject({ state: 'pending', attemptCount: 1 });
  });
});
