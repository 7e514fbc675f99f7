import { defineTopic, ReplaysService, type NewReplay, type Replay, type Topic } from 'nestjs-webhooks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { ReplayRunner } from '../../lib/replays/replay-runner';
import { ReplaysRepository } from '../../lib/replays/replays.repository';
import { SubscriptionsRepository } from '../../lib/subscriptions/subscriptions.repository';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';

class Order {
  id!: string;
}

const OrderCreated = defineTopic('order.created', Order);
const OrderShipped = defineTopic('order.shipped', Order);
const NO_RETRIES = { retry: { schedule: [] } };

async function publish(
  host: Host,
  count: number,
  topic: Topic<string, Order> = OrderCreated,
  tenant: string | null = null,
): Promise<void> {
  const orders = Array.from({ length: count }, (_, index) => ({ id: `A-${index + 1}` }));
  await Promise.all(orders.map((order) => host.webhooks.publish<Order>(topic, order, { tenant })));
  await host.webhooks.idle();
}

async function replayed(host: Host, subscription: { id: string }, wanted: Partial<NewReplay> = {}): Promise<Replay> {
  const { id } = await host.app.get(ReplaysService).start(subscription.id, { from: 0, ...wanted });
  await host.webhooks.idle();
  return host.app.get(ReplaysService).get(id);
}

/** The orders that the receiver got, by the path of the subscription. */
function ordersAt(host: Host, path = '/hook'): string[] {
  return host.receiver.byPath(path).map(({ body }) => (JSON.parse(body) as { data: Order }).data.id);
}

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderCreated, OrderShipped], webhooks: NO_RETRIES });

  it('sends what a subscription has missed because it was made later', async () => {
    const { host } = given;
    await publish(host, 3);
    const subscription = await host.subscribe();
    const replay = await replayed(host, subscription, { only: 'missing' });
    expect(ordersAt(host).sort()).toEqual(['A-1', 'A-2', 'A-3']);
    expect(replay).toMatchObject({ state: 'finished', examined: 3, scheduled: 3 });
    expect(replay.finishedAt).not.toBeNull();
  });

  it('sends nothing twice that is only missing or failed', async () => {
    const { host } = given;
    const subscription = await host.subscribe();
    host.receiver.answers(204).then(500).then(204);
    await publish(host, 3);
    host.receiver.clear();
    expect(await replayed(host, subscription, { only: 'missing' })).toMatchObject({ scheduled: 0 });
    expect(await replayed(host, subscription, { only: 'failed' })).toMatchObject({ examined: 3, scheduled: 1 });
    expect(await replayed(host, subscription)).toMatchObject({ scheduled: 0 });
    expect(ordersAt(host)).toHaveLength(1);
  });

  it('sends everything again, with the same ids', async () => {
    const { host } = given;
    const subscription = await host.subscribe();
    await publish(host, 2);
    await replayed(host, subscription, { only: 'all' });
    const ids = host.receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(2);
    const { data } = await host.deliveries.list({});
    expect(data.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('keeps to the span of time, and to the topics', async () => {
    const { host } = given;
    await publish(host, 1, OrderCreated);
    await host.clock.advance('1m');
    const from = host.clock.now();
    await publish(host, 2, OrderCreated);
    await publish(host, 1, OrderShipped);
    const to = host.clock.now();
    await host.clock.advance('1m');
    await publish(host, 3, OrderCreated);
    const subscription = await host.subscribe({ topics: ['order.*'] });
    const narrow = { only: 'missing', from, to } as const;
    expect(await replayed(host, subscription, { ...narrow, topics: ['order.shipped'] })).toMatchObject({
      scheduled: 1,
    });
    expect(await replayed(host, subscription, narrow)).toMatchObject({ scheduled: 2 });
  });

  it('sends what has failed since a moment, and nothing that has failed before', async () => {
    const { host } = given;
    const subscription = await host.subscribe();
    host.receiver.answers(500).then(500).then(500).then(204);
    await publish(host, 1);
    await host.clock.advance('1h');
    const from = host.clock.now();
    await publish(host, 2);
    host.receiver.clear();
    expect(await replayed(host, subscription, { from, only: 'failed' })).toMatchObject({ scheduled: 2 });
    expect(ordersAt(host)).toHaveLength(2);
    expect((await host.deliveries.list({ state: 'failed' })).data).toHaveLength(1);
  });

  it('sends the past events of a topic that the subscription has asked for since', async () => {
    const { host } = given;
    const subscription = await host.subscribe({ topics: ['order.created'] });
    await publish(host, 1, OrderCreated);
    await publish(host, 2, OrderShipped);
    expect(ordersAt(host)).toHaveLength(1);
    await host.subscriptions.update(subscription.id, { topics: ['order.*'] });
    expect(await replayed(host, subscription, { only: 'missing' })).toMatchObject({ examined: 3, scheduled: 2 });
    expect(ordersAt(host)).toHaveLength(3);
  });

  it('sends no topic that the subscription does not want, and no event of another tenant', async () => {
    const { host } = given;
    await publish(host, 1, OrderCreated, 'acme');
    await publish(host, 1, OrderShipped, 'acme');
    await publish(host, 1, OrderCreated, 'globex');
    await publish(host, 1, OrderCreated);
    const subscription = await host.subscribe({ tenant: 'acme', topics: ['order.created'] });
    expect(await replayed(host, subscription, { only: 'all' })).toMatchObject({ examined: 2, scheduled: 1 });
    expect(ordersAt(host)).toHaveLength(1);
  });

  it('waits while the subscription is disabled, and goes on when it is enabled', async () => {
    const { host } = given;
    await publish(host, 2);
    const subscription = await host.subscribe({ enabled: false });
    expect(await replayed(host, subscription, { only: 'missing' })).toMatchObject({ state: 'running', examined: 0 });
    await host.subscriptions.update(subscription.id, { enabled: true });
    await host.clock.advance('5s');
    expect(ordersAt(host)).toHaveLength(2);
  });

  it('says since when it waits, and no more once it goes on', async () => {
    const { host } = given;
    await publish(host, 1);
    const subscription = await host.subscribe({ enabled: false });
    const { id } = await replayed(host, subscription, { only: 'missing' });
    const waitingSince = host.clock.now();
    await host.clock.advance('10s');
    expect(await host.app.get(ReplaysService).get(id)).toMatchObject({ state: 'running', waitingSince });
    await host.subscriptions.update(subscription.id, { enabled: true });
    await host.clock.advance('5s');
    const finished = { state: 'finished', waitingSince: null, canceledReason: null };
    expect(await host.app.get(ReplaysService).get(id)).toMatchObject(finished);
  });

  it('ends now where it was to end later', async () => {
    const { host } = given;
    const subscription = await host.subscribe({ enabled: false });
    const to = host.clock.now() + 1_000 * 86_400_000;
    expect(await replayed(host, subscription, { to })).toMatchObject({ to: host.clock.now() });
  });

  it('makes no more than so many deliveries due in a second', async () => {
    const { host } = given;
    await publish(host, 1_000);
    const { id } = await replayed(host, await host.subscribe(), { only: 'missing' });
    await host.clock.advance('1s');
    expect(ordersAt(host).length).toBeGreaterThanOrEqual(450);
    expect(ordersAt(host).length).toBeLessThanOrEqual(550);
    await host.clock.advance('1s');
    expect(await host.app.get(ReplaysService).get(id)).toMatchObject({ state: 'finished', scheduled: 1_000 });
    expect(ordersAt(host)).toHaveLength(1_000);
  });

  it('has nobody look again at subscriptions that are known', async () => {
    const { host } = given;
    await publish(host, 200);
    const past = await host.subscribe();
    await host.subscribe({ url: host.receiver.url('/live') });
    await publish(host, 1);
    await replayed(host, past, { only: 'missing' });
    const byIds = jest.spyOn(host.app.get(SubscriptionsRepository), 'byIds');
    await host.clock.advance('200ms');
    await publish(host, 1);
    expect(ordersAt(host, '/live')).toHaveLength(2);
    expect(ordersAt(host).length).toBeGreaterThan(100);
    expect(byIds).not.toHaveBeenCalled();
  });

  it('waits for what is pending already, so that live events do not stand behind a million old ones', async () => {
    const { host } = given;
    await publish(host, 3_000);
    host.receiver.answers(503, { 'retry-after': '60' }).then(204);
    const subscription = await host.subscribe();
    const { id } = await replayed(host, subscription, { only: 'missing' });
    await host.clock.advance('30s');
    const halfWay = await host.app.get(ReplaysService).get(id);
    expect(halfWay.state).toBe('running');
    expect(halfWay.examined).toBeGreaterThanOrEqual(1_000);
    expect(halfWay.examined).toBeLessThan(1_100);
    await host.clock.advance('2m');
    expect(await host.app.get(ReplaysService).get(id)).toMatchObject({ state: 'finished', scheduled: 3_000 });
    expect(await host.deliveries.countPending(subscription.id, 1)).toBe(0);
  });

  it('says how far it has got, and sends nothing beyond that once it is canceled', async () => {
    const { host } = given;
    const replays = host.app.get(ReplaysService);
    await publish(host, 1_000);
    host.receiver.answers(503, { 'retry-after': '60' }).then(204);
    const subscription = await host.subscribe();
    const { id } = await replayed(host, subscription, { only: 'missing' });
    await host.clock.advance('1s');
    const { scheduled } = await replays.get(id);
    expect(scheduled).toBeGreaterThanOrEqual(400);
    expect(scheduled).toBeLessThanOrEqual(600);
    expect(await replays.cancel(id)).toMatchObject({ state: 'canceled', scheduled });
    await host.clock.advance('2m');
    expect(await replays.get(id)).toMatchObject({ state: 'canceled', scheduled });
    expect(new Set(host.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(scheduled);
  });

  it('ends when it is canceled, and with its subscription', async () => {
    const { host } = given;
    const replays = host.app.get(ReplaysService);
    const off = await host.subscribe({ enabled: false });
    const { id } = await replayed(host, off, { only: 'missing' });
    expect(await replays.cancel(id)).toMatchObject({
      ...{ state: 'canceled', finishedAt: host.clock.now(), canceledReason: null },
    });
    const other = await replayed(host, off, { only: 'missing' });
    await host.subscriptions.remove(off.id);
    await host.clock.advance('5s');
    const reason = { canceledReason: 'its subscription was removed' };
    expect(await replays.get(other.id)).toMatchObject({ state: 'canceled', ...reason });
  });

  it('belongs to the tenant of its subscription', async () => {
    const { host } = given;
    const replays = host.app.get(ReplaysService);
    const subscription = await host.subscribe({ tenant: 'acme' });
    await expect(replays.start(subscription.id, { from: 0 }, { tenant: 'globex' })).rejects.toThrow('no subscription');
    const { id } = await replays.start(subscription.id, { from: 0 }, { tenant: 'acme' });
    await expect(replays.get(id, { tenant: 'globex' })).rejects.toThrow(`There is no replay "${id}"`);
    await expect(replays.cancel(id, { tenant: 'globex' })).rejects.toThrow(`There is no replay "${id}"`);
    expect((await replays.list({ tenant: 'globex' })).data).toEqual([]);
    expect((await replays.list({ tenant: 'acme' })).data).toHaveLength(1);
  });

  it('refuses what it cannot do', async () => {
    const { host } = given;
    const replays = host.app.get(ReplaysService);
    const { id } = await host.subscribe();
    await expect(replays.start(id, { from: 2, to: 1 })).rejects.toThrow('it begins after its end');
    await expect(replays.start(id, { from: 0, topics: ['order.shiped'] })).rejects.toThrow('did you mean');
    expect((await replays.list()).data).toEqual([]);
  });

  it('is taken over when its node is gone', async () => {
    const { host } = given;
    await publish(host, 2);
    const subscription = await host.subscribe();
    await host.webhooks.idle();
    const look = jest.spyOn(host.app.get(ReplayRunner), 'look').mockReturnValue();
    await replayed(host, subscription, { only: 'missing' });
    expect(ordersAt(host)).toEqual([]);
    look.mockRestore();
    await host.app.get(LaneNode).beat();
    await host.webhooks.idle();
    expect(ordersAt(host)).toHaveLength(2);
  });

  it('goes on where the answer got lost that gave it to its node', async () => {
    const { host } = given;
    await publish(host, 2);
    const subscription = await host.subscribe();
    await host.webhooks.idle();
    const repository = host.app.get(ReplaysRepository);
    const claim = repository.claim.bind(repository);
    jest.spyOn(repository, 'claim').mockImplementationOnce(async (nodeId) => {
      await claim(nodeId);
      throw new Error('the connection was lost');
    });
    expect(await replayed(host, subscription, { only: 'missing' })).toMatchObject({ examined: 0 });
    await host.clock.advance('5s');
    expect(ordersAt(host)).toHaveLength(2);
  });

  it('sends nothing twice where two nodes run it for a moment', async () => {
    const { host } = given;
    await publish(host, 2);
    const subscription = await host.subscribe();
    await host.webhooks.idle();
    const repository = host.app.get(ReplaysRepository);
    const advance = repository.advance.bind(repository);
    jest.spyOn(repository, 'advance').mockImplementationOnce(async (replay, step, nodeId) => {
      await host.dataSource.query(`UPDATE webhooks_replay SET node = 'node_other'`);
      await advance(replay, step, 'node_other');
      const due = (await host.deliveries.list({})).data.map(({ id }) => `'${id}'`).join(', ');
      await host.dataSource.query(
        `UPDATE webhooks_delivery SET state = 'failed', next_attempt_at = NULL WHERE id IN (${due})`,
      );
      return advance(
        replay,
        { ...step, missing: [], again: step.missing.map(({ id }) => ({ id, sequence: null })) },
        nodeId,
      );
    });
    await replayed(host, subscription, { only: 'missing' });
    expect(host.receiver).toHaveBeenTried(0);
  });

  it('goes on where its last step was not to be taken, because somebody else has taken another', async () => {
    const { host } = given;
    await publish(host, 2);
    const subscription = await host.subscribe();
    jest.spyOn(host.app.get(ReplaysRepository), 'advance').mockResolvedValueOnce(false);
    expect(await replayed(host, subscription, { only: 'missing' })).toMatchObject({ state: 'finished', scheduled: 2 });
  });

  it('is one of ten to a subscription at the most, however many are asked for', async () => {
    const { host } = given;
    const [subscription, other] = [await host.subscribe({ enabled: false }), await host.subscribe()];
    const replays = host.app.get(ReplaysService);
    const asked = [];
    for (let count = 0; count < 12; count++)
      asked.push(await replays.start(subscription.id, { from: 0 }).catch(String));
    expect(asked.filter((answer) => typeof answer === 'string')).toHaveLength(2);
    await expect(replays.start(subscription.id, { from: 0 })).rejects.toMatchObject({
      code: 'WEBHOOKS_TOO_MANY_REPLAYS',
      status: 409,
    });
    await replays.start(other.id, { from: 0 });
    await replays.cancel((asked[0] as Replay).id);
    await expect(replays.start(subscription.id, { from: 0 })).resolves.toMatchObject({ state: 'running' });
  });

  it('is started beside others, and while others run', async () => {
    const { host } = given;
    await publish(host, 5);
    const subscriptions = await Promise.all(Array.from({ length: 5 }, () => host.subscribe()));
    const asked = Array.from({ length: 60 }, (_, index) =>
      host.app.get(ReplaysService).start(subscriptions[index % 5]!.id, { from: 0, only: 'missing' }),
    );
    const refused = (await Promise.allSettled(asked)).filter((answer) => answer.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'WEBHOOKS_TOO_MANY_REPLAYS' });
    await host.webhooks.idle();
    expect(host.receiver.requests).toHaveLength(25);
  });

  it('leaves the database to others, however many there are', async () => {
    const { host } = given;
    await publish(host, 3);
    const repository = host.app.get(ReplaysRepository);
    const advance = repository.advance.bind(repository);
    let [steps, most] = [0, 0];
    jest.spyOn(repository, 'advance').mockImplementation(async (...step) => {
      most = Math.max(most, ++steps);
      await new Promise(setImmediate);
      return advance(...step).finally(() => (steps -= 1));
    });
    const subscriptions = await Promise.all(Array.from({ length: 12 }, () => host.subscribe()));
    const replays = subscriptions.map(({ id }) => host.app.get(ReplaysService).start(id, { from: 0, only: 'missing' }));
    await Promise.all(replays);
    await host.webhooks.idle();
    expect(most).toBeLessThanOrEqual(2);
    expect(host.receiver.requests).toHaveLength(36);
  });

  it('takes no step after its process began to stop', async () => {
    const { host } = given;
    const subscription = await host.subscribe({ enabled: false });
    await replayed(host, subscription, { only: 'missing' });
    const running = jest.spyOn(host.app.get(ReplaysRepository), 'running');
    host.app.get(ReplayRunner).stop();
    await host.clock.advance('10s');
    expect(running).not.toHaveBeenCalled();
  });
});

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderCreated], webhooks: { ...NO_RETRIES, holdMs: 0 } });

  it('sends what a subscription has missed while it was off and nothing was held for it', async () => {
    const { host } = given;
    const subscription = await host.subscribe();
    await publish(host, 1);
    await host.subscriptions.update(subscription.id, { enabled: false });
    await publish(host, 2);
    await host.subscriptions.update(subscription.id, { enabled: true });
    await host.webhooks.idle();
    expect(ordersAt(host)).toHaveLength(1);
    expect(await replayed(host, subscription, { only: 'missing' })).toMatchObject({ scheduled: 2 });
    expect(ordersAt(host)).toHaveLength(3);
  });
});
