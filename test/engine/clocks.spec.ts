import { defineTopic } from 'nestjs-webhooks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { LaneWorker } from '../../lib/lanes/lane-worker';
import { FanOut } from '../../lib/publishing/fan-out';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const HOUR_MS = 3_600_000;

async function publish(host: Host): Promise<void> {
  await host.webhooks.publish(OrderShipped, { id: 'A-1' });
  await host.webhooks.idle();
}

async function beat(host: Host): Promise<void> {
  await host.app.get(LaneNode).beat();
  await host.webhooks.idle();
}

/** What is published next is stored, and this node neither takes it in nor looks at its lane for it. */
function leaveToAnotherNode(host: Host, subscriptionId: string): void {
  const worker = host.app.get(LaneWorker);
  jest.spyOn(worker, 'offer').mockReturnValueOnce([subscriptionId]);
  jest.spyOn(worker, 'own').mockReturnValue();
  jest.spyOn(worker, 'call').mockReturnValue();
}

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it('pauses a lane for as long as it should, though the clock is set back meanwhile', async () => {
    const { host } = given;
    host.receiver.answers(503, { 'retry-after': '30' }).then(204);
    await host.subscribe();
    await publish(host);
    host.clock.set(-HOUR_MS);
    await publish(host);
    await host.clock.advance('29s');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('1s');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('makes a first attempt at once that a node whose clock was an hour ahead has stored', async () => {
    const { host } = given;
    const { id } = await host.subscribe();
    await publish(host);
    host.clock.set(HOUR_MS);
    leaveToAnotherNode(host, id);
    await publish(host);
    expect(host.receiver).toHaveBeenTried(1);
    jest.restoreAllMocks();
    host.clock.set(-HOUR_MS);
    await beat(host);
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('sweeps up what a publisher whose clock was an hour ahead has left', async () => {
    const { host } = given;
    await host.subscribe();
    const accept = jest.spyOn(host.app.get(FanOut), 'accept').mockResolvedValue([]);
    host.clock.set(HOUR_MS);
    await publish(host);
    accept.mockRestore();
    host.clock.set(-HOUR_MS);
    await beat(host);
    expect(host.receiver).toHaveBeenTried(1);
  });
});
