import { defineTopic } from 'nestjs-webhooks';
import { EventsRepository } from '../../lib/events/events.repository';
import { RecentEvents } from '../../lib/events/recent-events';
import { LaneClaims } from '../../lib/lanes/lane-claims';
import { LaneNode } from '../../lib/lanes/lane-node';
import { LanesRepository } from '../../lib/lanes/lanes.repository';
import { Lease } from '../../lib/lanes/lease';
import { OwnedLanes } from '../../lib/lanes/owned-lanes';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

async function publish(host: Host): Promise<void> {
  await host.webhooks.publish(OrderShipped, { id: 'A-1' });
  await host.webhooks.idle();
}

async function beat(host: Host): Promise<void> {
  await host.app.get(LaneNode).beat();
  await host.webhooks.idle();
}

/** Another node has taken all lanes. */
async function giveAway(host: Host): Promise<void> {
  await host.dataSource.query(`UPDATE webhooks_lane SET owner = 'node_other', calling = 0`);
}

async function calling(host: Host): Promise<number> {
  const [row] = await host.dataSource.query<{ calling: number | string }[]>('SELECT calling FROM webhooks_lane');
  return Number(row!.calling);
}

/** Does something between a method's own answer and whoever asked for it. */
function after<Target extends object>(target: Target, method: string & keyof Target, then: () => Promise<void>): void {
  const original = (target[method] as (...args: unknown[]) => Promise<unknown>).bind(target);
  jest.spyOn(target, method as never).mockImplementationOnce((async (...args: unknown[]) => {
    const answer = await original(...args);
    await then();
    return answer;
  }) as never);
}

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it('does not go on with lanes that it lost while it was answering their calls', async () => {
    const { host } = given;
    const { id } = await host.subscribe();
    await publish(host);
    await host.app.get(LanesRepository).call([id]);
    after(host.app.get(LanesRepository), 'answerCalls', async () => {
      await giveAway(host);
      await host.app.get(LaneClaims).loseAll();
    });
    await beat(host);
    expect(host.app.get(OwnedLanes).get(id)).toBeUndefined();
  });

  it('tells the owner of a lane that it finds to be no longer its own', async () => {
    const { host } = given;
    const { id } = await host.subscribe();
    await publish(host);
    await giveAway(host);
    jest.spyOn(host.app.get(LanesRepository), 'claim').mockRejectedValueOnce(new Error('connection lost'));
    await host.app
      .get(LaneClaims)
      .claim([id])
      .catch(() => undefined);
    await beat(host);
    expect(host.app.get(OwnedLanes).get(id)).toBeUndefined();
    expect(await calling(host)).toBe(1);
  });

  it('tells the owners of lost lanes later when it cannot tell them at once', async () => {
    const { host } = given;
    await host.subscribe();
    await publish(host);
    await giveAway(host);
    jest.spyOn(host.app.get(LanesRepository), 'call').mockRejectedValueOnce(new Error('connection lost'));
    await host.app
      .get(LaneClaims)
      .loseAll()
      .catch(() => undefined);
    expect(await calling(host)).toBe(0);
    await beat(host);
    expect(await calling(host)).toBe(1);
  });

  it('sends nothing when its lease has run out while it was reading what to send', async () => {
    const { host } = given;
    await host.subscribe();
    jest.spyOn(host.app.get(RecentEvents), 'remember').mockReturnValue();
    const held = jest.spyOn(host.app.get(Lease), 'held', 'get');
    after(host.app.get(EventsRepository), 'byIds', () => Promise.resolve(void held.mockReturnValue(false)));
    await publish(host);
    expect(host.receiver).toHaveBeenTried(0);
    held.mockRestore();
    await beat(host);
    expect(host.receiver).toHaveBeenTried(1);
  });
});
