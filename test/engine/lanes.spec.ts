import { defineTopic } from 'nestjs-webhooks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { OwnedLanes } from '../../lib/lanes/owned-lanes';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { Receiver } from '../support/receiver';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const shipment = { id: 'A-1' };

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];
  const start = async (webhooks = {}) => {
    const host = await Host.start(handle, { topics: [OrderShipped], webhooks });
    hosts.push(host);
    return host;
  };
  const expireLeases = (host: Host) => host.dataSource.query('UPDATE webhooks_node SET lease_until = 0');
  const beat = async (host: Host) => {
    await host.app.get(LaneNode).beat();
    await host.webhooks.idle();
  };

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('has one owner for a lane: a second node leaves it to the first', async () => {
    const first = await start();
    await first.subscribe();
    await first.webhooks.publish(OrderShipped, shipment);
    await first.webhooks.idle();
    const second = await start();
    await second.webhooks.publish(OrderShipped, shipment);
    await second.webhooks.idle();
    await beat(second);
    expect(first.receiver).toHaveBeenTried(1);
    await beat(first);
    expect(first.receiver).toHaveBeenTried(2);
    expect([first, second].map((host) => host.app.get(OwnedLanes).count)).toEqual([1, 0]);
  });

  it('gives its lanes back when it ends, so that another node sends what is due', async () => {
    const first = await start();
    first.receiver.answers(500).then(204);
    await first.subscribe();
    await first.webhooks.publish(OrderShipped, shipment);
    await first.webhooks.idle();
    await first.app.close();
    const second = await start();
    await second.clock.advance('5s');
    expect(first.receiver).toHaveBeenTried(2);
  });

  it('takes over the lanes of a node whose lease has run out, and what that node left', async () => {
    const first = await start();
    first.receiver.answers(500).then(204);
    await first.subscribe();
    await first.webhooks.publish(OrderShipped, shipment);
    await first.webhooks.idle();
    const second = await start();
    await first.dataSource.query(`UPDATE webhooks_node SET lease_until = 0 WHERE id = '${first.app.get(LaneNode).id}'`);
    await beat(second);
    await second.clock.advance('5s');
    expect(first.receiver).toHaveBeenTried(2);
    expect(second.app.get(OwnedLanes).count).toBe(1);
  });

  it('lets go of everything when it finds its own lease run out, and begins anew', async () => {
    const host = await start();
    host.receiver.answers(500).then(204);
    await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    await expireLeases(host);
    await beat(host);
    await beat(host);
    await host.clock.advance('5s');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('starts no attempt while its lease has run out by its own clock', async () => {
    const host = await start({ leaseMs: 10_000 });
    await host.subscribe();
    const beats = jest.spyOn(host.app.get(LaneNode), 'beat').mockResolvedValue();
    await host.clock.advance('8s');
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(0);
    beats.mockRestore();
    await beat(host);
    expect(host.receiver).toHaveBeenTried(1);
  });

  it('gives a lane back that has had nothing to do for a minute, and takes it again when it has', async () => {
    const host = await start();
    const { id } = await host.subscribe();
    const owned = () => host.app.get(OwnedLanes).count;
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    await host.clock.advance('59s');
    await beat(host);
    expect(owned()).toBe(1);
    await host.clock.advance('20s');
    await beat(host);
    expect(owned()).toBe(0);
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(2);
    expect(owned()).toBe(1);
    await host.subscriptions.remove(id);
    await beat(host);
    await host.clock.advance('2m');
    await beat(host);
    expect(await host.dataSource.query('SELECT * FROM webhooks_lane')).toEqual([]);
  });

  it('sweeps up an event whose publisher died before the fan-out', async () => {
    const host = await start({ sweepAfterMs: 5_000 });
    await host.subscribe();
    const insert = `INSERT INTO webhooks_event (id, topic, payload, created_at, fan_out_at) VALUES`;
    const now = host.clock.now();
    await host.dataSource.query(`${insert} ('evt_1', 'order.shipped', '{"id":"A-1"}', ${now}, ${now + 5_000})`);
    await beat(host);
    await host.clock.advance('4s');
    expect(host.receiver).toHaveBeenTried(0);
    await host.clock.advance('2s');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('1m');
    expect(host.receiver).toHaveBeenTried(1);
  });

  it('serves healthy endpoints while others hold their slots and never answer', async () => {
    const host = await start({ slots: 32, shutdownTimeoutMs: 0 });
    const dead = await Receiver.start();
    dead.hangs();
    for (let count = 0; count < 10; count++) await host.subscribe({ url: dead.url(`/${count}`) });
    for (let count = 0; count < 5; count++) await host.subscribe({ url: host.receiver.url(`/${count}`) });
    await Promise.all(Array.from({ length: 40 }, () => host.webhooks.publish(OrderShipped, shipment)));
    await host.receiver.waitFor(200, 20_000);
    expect(dead.requests.length).toBeLessThanOrEqual(20);
    await host.app.close();
    await dead.close();
  });

  it('breaks off what does not end in time at shutdown, and counts it as not tried', async () => {
    const first = await start({ shutdownTimeoutMs: 50 });
    first.receiver.hangs();
    await first.subscribe();
    await first.webhooks.publish(OrderShipped, shipment);
    await first.receiver.waitFor(1);
    await first.app.close();
    first.receiver.answers(204);
    const second = await start();
    await second.clock.advance('1s');
    const { data } = await second.deliveries.list({});
    expect(data).toMatchObject([{ state: 'delivered', attemptCount: 1 }]);
    expect(await second.deliveries.attemptsOf(data[0]!.id)).toMatchObject([{ number: 1, succeeded: true }]);
    expect(first.receiver.requests).toHaveLength(2);
  });
});
