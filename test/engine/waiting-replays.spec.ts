import { defineTopic, ReplaysService } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { catchUp, hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const DAY_MS = 86_400_000;

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it('A replay waits no longer than events are held, counted anew each time, and says why it has ended', async () => {
    const { host } = given;
    catchUp(host);
    const replays = host.app.get(ReplaysService);
    const { id: subscription } = await host.subscribe({ enabled: false });
    const { id } = await replays.start(subscription, { from: 0 });
    const sixDays = async (enabled: boolean) => {
      await host.subscriptions.update(subscription, { enabled });
      await host.clock.advance('5s');
      host.clock.set(6 * DAY_MS);
      await host.clock.advance('5s');
      return replays.get(id);
    };
    expect(await sixDays(false)).toMatchObject({ state: 'running', waitingSince: expect.any(Number) as number });
    jest.spyOn(host.deliveries, 'countPending').mockResolvedValue(1_000);
    expect(await sixDays(true)).toMatchObject({ state: 'running', waitingSince: null });
    expect(await sixDays(false)).toMatchObject({ state: 'running' });
    expect(await sixDays(false)).toMatchObject({
      state: 'canceled',
      canceledReason: 'its subscription was off for 7 days',
    });
    expect((await replays.get(id)).finishedAt).not.toBeNull();
  });
});
