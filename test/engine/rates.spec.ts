import { defineTopic, type Rate, type Subscription } from 'nestjs-webhooks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { excessOf } from '../support/rate-bound';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment, { example: { id: 'example' } });

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];
  const start = async () => {
    const host = await Host.start(handle, { topics: [OrderShipped] });
    hosts.push(host);
    return host;
  };
  const publish = async (host: Host, count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `A-${index}`);
    await Promise.all(ids.map((id) => host.webhooks.publish(OrderShipped, { id })));
    await host.webhooks.idle();
  };
  /** A host, and a subscription of this rate whose lane has been there for some time. */
  const limited = async (rate: Rate): Promise<{ host: Host; subscription: Subscription }> => {
    const host = await start();
    const subscription = await host.subscribe({ preferences: { rate } });
    return { host, subscription };
  };
  const deliveriesOf = async (host: Host) => (await host.deliveries.list({ limit: 250 })).data;
  const attemptsOf = async (host: Host) => {
    const deliveries = await deliveriesOf(host);
    return (await Promise.all(deliveries.map(({ id }) => host.deliveries.attemptsOf(id)))).flat();
  };

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('makes as many requests a second as its subscription allows, and uses up no attempts by waiting', async () => {
    const { host } = await limited({ perSecond: 2 });
    await publish(host, 6);
    await host.clock.advance('499ms');
    expect(host.receiver).toHaveBeenTried(0);
    for (let made = 1; made <= 6; made++) {
      await host.clock.advance(made === 1 ? '1ms' : '500ms');
      expect(host.receiver).toHaveBeenTried(made);
    }
    expect(await deliveriesOf(host)).toEqual(
      Array.from({ length: 6 }, () => expect.objectContaining({ state: 'delivered', attemptCount: 1 }) as unknown),
    );
  });

  it('makes one request in two seconds where half a one is allowed in one', async () => {
    const { host } = await limited({ perSecond: 0.5 });
    await publish(host, 3);
    await host.clock.advance('3999ms');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('1ms');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('makes a burst of them after a quiet time, and no larger one', async () => {
    const { host } = await limited({ perSecond: 1, burst: 4 });
    await publish(host, 1);
    await host.clock.advance('30s');
    host.receiver.clear();
    await publish(host, 10);
    expect(host.receiver).toHaveBeenTried(4);
    await host.clock.advance('2s');
    expect(host.receiver).toHaveBeenTried(6);
  });

  it('counts retries, and starts none that is due before its turn', async () => {
    const { host } = await limited({ perSecond: 0.1, burst: 2 });
    host.receiver.answers(500).then(500).then(204);
    await publish(host, 2);
    await host.clock.advance('20s');
    expect(host.receiver).toHaveBeenTried(2);
    await host.clock.advance('1m');
    expect(host.receiver).toHaveBeenTried(4);
    expect(
      excessOf(
        (await attemptsOf(host)).map(({ startedAt }) => startedAt),
        { perSecond: 0.1, burst: 2 },
      ),
    ).toBeLessThanOrEqual(0);
  });

  it('does not count requests that somebody asks for', async () => {
    const { host, subscription } = await limited({ perSecond: 0.1 });
    await publish(host, 1);
    await host.clock.advance('10s');
    const [delivery] = await deliveriesOf(host);
    await host.webhooks.resend(delivery!.id);
    await host.webhooks.test(subscription.id, 'order.shipped');
    expect(host.receiver).toHaveBeenTried(3);
    await publish(host, 1);
    await host.clock.advance('10s');
    expect(host.receiver).toHaveBeenTried(4);
  });

  it('leaves other subscriptions as fast as they are', async () => {
    const { host } = await limited({ perSecond: 0.01 });
    await host.subscribe({ url: host.receiver.url('/free') });
    await publish(host, 50);
    expect(host.receiver.byPath('/free')).toHaveLength(50);
    expect(host.receiver.byPath('/hook')).toHaveLength(0);
  });

  it('follows a limit that is changed while deliveries wait, and one that is lifted', async () => {
    const { host, subscription } = await limited({ perSecond: 0.01 });
    await publish(host, 40);
    await host.clock.advance('1m');
    expect(host.receiver).toHaveBeenTried(0);
    await host.subscriptions.update(subscription.id, { preferences: { rate: { perSecond: 10 } } });
    await host.clock.advance('1s');
    expect(host.receiver).toHaveBeenTried(10);
    await host.subscriptions.update(subscription.id, { preferences: {} });
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(40);
  });

  it('follows a limit that another process changes', async () => {
    const { host, subscription } = await limited({ perSecond: 0.01 });
    await publish(host, 5);
    const other = await start();
    await other.subscriptions.update(subscription.id, { preferences: {} });
    await host.app.get(LaneNode).beat();
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(5);
  });

  it('keeps the limit across a change of owner, whose successor begins with nothing saved up', async () => {
    const rate = { perSecond: 1, burst: 5 };
    const { host: first } = await limited(rate);
    await publish(first, 1);
    await first.clock.advance('1m');
    await publish(first, 20);
    expect(first.receiver).toHaveBeenTried(6);
    const second = await start();
    await second.clock.advance('61s');
    await first.dataSource.query(`UPDATE webhooks_node SET lease_until = 0 WHERE id = '${first.app.get(LaneNode).id}'`);
    await second.app.get(LaneNode).beat();
    await second.clock.advance('999ms');
    expect(first.receiver).toHaveBeenTried(6);
    await second.clock.advance('15s');
    expect(first.receiver).toHaveBeenTried(21);
    expect(
      excessOf(
        (await attemptsOf(second)).map(({ startedAt }) => startedAt),
        rate,
      ),
    ).toBeLessThanOrEqual(0);
  });

  it('refuses a limit that is none', async () => {
    const host = await start();
    const wrong = [0, -1, 0.001, 1_001, NaN, '5'].map((perSecond) => ({ perSecond }));
    for (const rate of [
      ...wrong,
      { perSecond: 1, burst: 0 },
      { perSecond: 1, burst: 1.5 },
      { perSecond: 1, each: 2 },
      5,
    ]) {
      await expect(host.subscribe({ preferences: { rate: rate as Rate } })).rejects.toThrow('rate must be an object');
    }
  });
});
