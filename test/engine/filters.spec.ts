import { defineTopic, ReplaysService, SubscriptionsRepository, type NewSubscription } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Order {
  id!: string;
  total!: number;
  country?: string;
}

const OrderPlaced = defineTopic('order.placed', Order);
const LARGE = { total: [{ numeric: ['>=', 100] }] };

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderPlaced] });
  const wanting = (filter: object, more: Partial<NewSubscription> = {}) =>
    given.host.subscribe({ preferences: { filter: filter as Record<string, unknown> }, ...more });
  const place = async (...orders: Order[]) => {
    await Promise.all(orders.map((order) => given.host.webhooks.publish(OrderPlaced, order)));
    await given.host.webhooks.idle();
  };
  const received = (path = '/hook') =>
    given.host.receiver.byPath(path).map(({ body }) => (JSON.parse(body) as { data: Order }).data.id);

  it('delivers the payloads that a subscription wants, and no others', async () => {
    await wanting(LARGE);
    await wanting({ country: ['NL', 'BE'] }, { url: given.host.receiver.url('/benelux') });
    await given.host.subscribe({ url: given.host.receiver.url('/all') });
    await place({ id: 'A', total: 100, country: 'DE' }, { id: 'B', total: 99, country: 'BE' }, { id: 'C', total: 1 });
    expect(received()).toEqual(['A']);
    expect(received('/benelux')).toEqual(['B']);
    expect(received('/all').sort()).toEqual(['A', 'B', 'C']);
    expect(await given.host.events()).toHaveLength(3);
  });

  it('does so for events of a transaction', async () => {
    await wanting(LARGE);
    await given.host.dataSource.transaction(async (transaction) => {
      await given.host.webhooks.publish(OrderPlaced, { id: 'A', total: 5 }, { transaction });
      await given.host.webhooks.publish(OrderPlaced, { id: 'B', total: 500 }, { transaction });
    });
    await given.host.webhooks.idle();
    expect(received()).toEqual(['B']);
  });

  it('follows a filter that is changed, and one that is taken away', async () => {
    const { id } = await wanting(LARGE);
    await given.host.subscriptions.update(id, { preferences: { filter: { total: [{ numeric: ['<', 100] }] } } });
    await place({ id: 'A', total: 100 });
    expect(received()).toEqual([]);
    await given.host.subscriptions.update(id, { preferences: {} });
    await place({ id: 'B', total: 100 });
    expect(received()).toEqual(['B']);
  });

  it('holds and replays nothing that a subscription does not want', async () => {
    const { id } = await wanting(LARGE);
    await given.host.subscriptions.update(id, { enabled: false });
    await place({ id: 'A', total: 1 }, { id: 'B', total: 100 });
    await given.host.subscriptions.update(id, { enabled: true });
    await given.host.webhooks.idle();
    expect(received()).toEqual(['B']);

    const later = await wanting({ total: [1] }, { url: given.host.receiver.url('/later') });
    const replays = given.host.app.get(ReplaysService);
    const { id: replay } = await replays.start(later.id, { from: 0, only: 'missing' });
    await given.host.webhooks.idle();
    expect(received('/later')).toEqual(['A']);
    expect(await replays.get(replay)).toMatchObject({ state: 'finished', examined: 2, scheduled: 1 });
  });

  it('refuses a filter that means nothing', async () => {
    const refused = wanting({ total: [{ regex: '.*' }] });
    await expect(refused).rejects.toMatchObject({ code: 'WEBHOOKS_INVALID_SUBSCRIPTION' });
    await expect(refused).rejects.toThrow('filter: at total: "regex" is not one of prefix');
  });

  it('delivers too much rather than too little where a stored filter is not understood any more', async () => {
    const { id } = await given.host.subscribe();
    const repository = given.host.app.get(SubscriptionsRepository);
    await repository.update(id, { preferences: { filter: { total: [{ sounds: 'large' }] } }, updatedAt: 1 });
    await place({ id: 'A', total: 1 });
    expect(received()).toEqual(['A']);
  });
});
