import { Client } from 'pg';
import { defineTopic } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

/** What the database is asked, counted where nothing can go past it: at the driver. */
describeEachDatabase({ only: ['postgres'] }, (database) => {
  const given = hostForEach(database, {
    topics: [OrderShipped],
    webhooks: { leaseMs: 10_000 },
  });
  const publish = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, id) => given.host.webhooks.publish(OrderShipped, { id: String(id) })),
    );
  const statementsOf = async (action: () => Promise<unknown>) => {
    const query = jest.spyOn(Client.prototype, 'query');
    await action();
    await given.host.webhooks.idle();
    return query.mock.calls.length;
  };

  it('takes two statements to publish and deliver an event: one that stores it, one that records the outcome', async () => {
    await given.host.subscribe();
    await publish(1);
    await given.host.webhooks.idle();
    expect(await statementsOf(() => publish(1))).toBe(2);
  });

  it('takes at most a tenth of a statement for each delivery at full load', async () => {
    for (let index = 0; index < 4; index++) await given.host.subscribe();
    await publish(1);
    await given.host.webhooks.idle();
    expect(await statementsOf(() => publish(500))).toBeLessThanOrEqual(200);
    expect(given.host.receiver).toHaveBeenTried(2_004);
  });

  it('takes at most one statement in two seconds while nothing happens', async () => {
    await given.host.subscribe();
    await publish(1);
    await given.host.clock.advance('2m');
    expect(await statementsOf(() => given.host.clock.advance('1m'))).toBeLessThanOrEqual(30);
  });
});
