import { defineTopic } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { catchUp, hostForEach, type Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const DAY_MS = 86_400_000;

async function publish(host: Host, id: string): Promise<void> {
  await host.webhooks.publish(OrderShipped, { id });
  await host.webhooks.idle();
}

function ordersAt(host: Host): string[] {
  return host.receiver.requests.map(({ body }) => (JSON.parse(body) as { data: Shipment }).data.id);
}

describeEachDatabase((database) => {
  describe('A subscription that is off, among processes whose clocks differ', () => {
    const given = hostForEach(database, { topics: [OrderShipped] });

    it('gets also, and once, what a process has published whose clock is ahead or behind', async () => {
      const { host } = given;
      catchUp(host);
      const { id } = await host.subscribe();
      await host.clock.advance('2h');
      await host.subscriptions.update(id, { enabled: false });
      for (const [order, aheadMs] of [
        ['A-1', 1_800_000],
        ['A-2', -1_800_000],
        ['A-3', 0],
      ] as const) {
        host.clock.set(aheadMs);
        await publish(host, order);
        host.clock.set(-aheadMs);
      }
      await host.subscriptions.update(id, { enabled: true });
      await host.clock.advance('1h');
      expect(ordersAt(host).sort()).toEqual(['A-1', 'A-2', 'A-3']);
    });

    it('gets also what it has missed where the process that turned it off has a clock that is ahead', async () => {
      const { host } = given;
      // As late as it is for the database, which is what tells who is right.
      host.clock.set(Date.now() - host.clock.now());
      await publish(host, 'A-0');
      host.clock.set(1_800_000);
      const { id } = await host.subscribe({ enabled: false });
      const other = await host.subscribe({ url: host.receiver.url('/other') });
      await host.subscriptions.update(other.id, { enabled: false });
      host.clock.set(-1_800_000 + 1_000);
      await publish(host, 'A-1');
      await host.clock.advance('1m');
      await host.subscriptions.update(id, { enabled: true });
      await host.subscriptions.update(other.id, { enabled: true });
      await host.webhooks.idle();
      expect(ordersAt(host)).toEqual(['A-1', 'A-1']);
    });
  });

  describe('A subscription that is off, where deliveries are kept for a shorter time than events are held', () => {
    const given = hostForEach(database, { topics: [OrderShipped], webhooks: { retention: { deliveredDays: 1 } } });

    it('gets all that it has missed, and not again what it had got before', async () => {
      const { host } = given;
      catchUp(host);
      const { id } = await host.subscribe();
      await host.clock.advance('1h');
      await publish(host, 'A-1');
      await host.clock.advance('1s');
      await host.subscriptions.update(id, { enabled: false });
      await publish(host, 'A-2');
      host.clock.set(3 * DAY_MS);
      await host.clock.advance('2h');
      expect((await host.deliveries.list({})).data).toEqual([]);
      await host.subscriptions.update(id, { enabled: true });
      await host.webhooks.idle();
      expect(ordersAt(host)).toEqual(['A-1', 'A-2']);
    });
  });
});
