import { defineTopic } from 'nestjs-webhooks';
import { DeliveriesRepository } from '../../lib/deliveries/deliveries.repository';
import { LaneNode } from '../../lib/lanes/lane-node';
import { LaneWorker } from '../../lib/lanes/lane-worker';
import { LanesRepository } from '../../lib/lanes/lanes.repository';
import { Lease } from '../../lib/lanes/lease';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { Note } from './note.entity';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

/** Does what it does, but its answer never arrives. */
function losesOneAnswer<Target extends object>(target: Target, method: string & keyof Target): void {
  const original = (target[method] as () => Promise<unknown>).bind(target);
  jest.spyOn(target, method as never).mockImplementationOnce((async (...args: []) => {
    await original(...args);
    throw new Error('connection lost');
  }) as never);
}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];
  const start = async (webhooks = {}) => {
    const host = await Host.start(handle, { topics: [OrderShipped], entities: [Note], webhooks });
    hosts.push(host);
    return host;
  };
  const publish = async (host: Host) => {
    await host.webhooks.publish(OrderShipped, { id: 'A-1' });
    await host.webhooks.idle();
  };
  const beat = async (host: Host) => {
    await host.app.get(LaneNode).beat();
    await host.webhooks.idle();
  };

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('publishes what the host changes while it is shutting down', async () => {
    const first = await start({ shutdownTimeoutMs: 300 });
    first.receiver.hangs();
    await first.subscribe();
    await first.webhooks.publish(OrderShipped, { id: 'A-1' });
    await first.receiver.waitFor(1);
    const closing = first.app.close();
    await first.dataSource.getRepository(Note).save({ text: 'late' });
    await first.webhooks.publish(OrderShipped, { id: 'A-2' });
    await closing;
    first.receiver.answers(204);
    const second = await start();
    await second.clock.advance('1m');
    expect((await second.events()).map(({ topic }) => topic)).toEqual([
      'order.shipped',
      'note.created',
      'order.shipped',
    ]);
    expect((await second.deliveries.list({ state: 'delivered' })).data).toHaveLength(3);
  });

  it('delivers what was stored by a fan-out whose answer was lost', async () => {
    const host = await start();
    await host.subscribe();
    await publish(host);
    losesOneAnswer(host.app.get(DeliveriesRepository), 'fanOut');
    await publish(host);
    await host.clock.advance('1m');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it.each(['claim', 'answerCalls'] as const)('finds the lanes again whose %s had its answer lost', async (method) => {
    const host = await start();
    const { id } = await host.subscribe();
    await publish(host);
    await host.subscriptions.update(id, { description: 'changed' });
    losesOneAnswer(host.app.get(LanesRepository), method);
    const other = await host.subscribe({ url: host.receiver.url('/other') });
    await host.subscriptions.update(other.id, { description: 'changed' });
    await publish(host);
    for (let count = 0; count < 3; count++) await beat(host);
    await publish(host);
    await host.clock.advance('1m');
    expect((await host.deliveries.list({ state: 'delivered' })).data).toHaveLength(5);
  });

  it('leaves what it stored without knowing that it had lost the lane to the new owner', async () => {
    const first = await start();
    await first.subscribe();
    await publish(first);
    const second = await start();
    await first.dataSource.query(`UPDATE webhooks_node SET lease_until = 0 WHERE id = '${first.app.get(LaneNode).id}'`);
    await beat(second);
    jest.spyOn(first.app.get(Lease), 'held', 'get').mockReturnValue(false);
    await publish(first);
    await beat(first);
    await beat(second);
    expect(first.receiver).toHaveBeenTried(2);
  });

  it('frees a lane whose owner nobody knows', async () => {
    const first = await start();
    await first.subscribe();
    await first.dataSource.query(`UPDATE webhooks_lane SET owner = 'node_gone'`);
    await publish(first);
    expect(first.receiver).toHaveBeenTried(0);
    const second = await start();
    await second.webhooks.idle();
    expect(first.receiver).toHaveBeenTried(1);
  });

  it('sends once what a refill has read while it was being handed over', async () => {
    const host = await start();
    const { id } = await host.subscribe();
    await publish(host);
    const deliveries = host.app.get(DeliveriesRepository);
    const fanOut = deliveries.fanOut.bind(deliveries);
    jest.spyOn(deliveries, 'fanOut').mockImplementationOnce(async (batch) => {
      const stored = await fanOut(batch);
      host.app.get(LaneWorker).call([id]);
      await host.receiver.waitFor(2);
      return stored;
    });
    await publish(host);
    await host.clock.advance('1m');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('does not suspend a subscription whose URL has changed since the request', async () => {
    const host = await start();
    const before = await host.subscribe();
    const { id } = before;
    await host.subscriptions.update(id, { url: host.receiver.url('/new') });
    expect(await host.subscriptions.suspend(before, 'gone')).toBe(false);
    expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
  });

  it('begins anew with an endpoint whose owner has mended it, whatever pause it had asked for', async () => {
    const host = await start();
    host.receiver.answers(503, { 'retry-after': '86400' }).then(204);
    const { id } = await host.subscribe();
    await publish(host);
    await publish(host);
    expect(host.receiver).toHaveBeenTried(1);
    await host.subscriptions.update(id, { url: host.receiver.url('/mended') });
    await host.webhooks.idle();
    expect(host.receiver.byPath('/mended')).toHaveLength(1);
  });

  it('can make its tables again after an interruption', async () => {
    const first = await start();
    await first.dataSource.query('DELETE FROM webhooks_migrations');
    const second = await start();
    await second.subscribe();
    await publish(second);
    expect(second.receiver).toHaveBeenTried(1);
  });
});
