import { defineTopic } from 'nestjs-webhooks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { Transport, type OutgoingRequest } from '../../lib/transport/transport';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment, { example: { id: 'A-1001' } });

/** Keeps what is sent from now on from going out; answers what lets it go. */
function holdUp(host: Host): { letPass: () => void; letGo: () => void } {
  const transport = host.app.get(Transport);
  const send = transport.send.bind(transport);
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const spy = jest.spyOn(transport, 'send').mockImplementation(async (request: OutgoingRequest) => {
    await held;
    return send(request);
  });
  return { letPass: () => void spy.mockImplementation(send), letGo: () => letGo() };
}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];
  const start = async (webhooks = {}) => {
    const host = await Host.start(handle, { topics: [OrderShipped], webhooks });
    hosts.push(host);
    return host;
  };
  const publish = (host: Host) => host.webhooks.publish(OrderShipped, { id: 'A-1' });
  const newestOf = async (host: Host) => (await host.deliveries.list({ state: 'pending' })).data[0]!;

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('sends what was just resent not once more from memory', async () => {
    const host = await start();
    await host.subscribe();
    await publish(host);
    await host.webhooks.idle();
    const held = holdUp(host);
    for (let count = 0; count < 8; count++) await publish(host);
    const last = await newestOf(host);
    held.letPass();
    await host.webhooks.resend(last.id);
    held.letGo();
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(9);
    expect(await host.deliveries.attemptsOf(last.id)).toMatchObject([{ number: null, succeeded: true }]);
  });

  it('sends to where the subscription is now, though another process has moved it', async () => {
    const [one, other] = [await start(), await start()];
    const { id } = await one.subscribe();
    await publish(other);
    await other.webhooks.idle();
    const { data } = await other.deliveries.list({});
    await other.webhooks.resend(data[0]!.id);
    await one.subscriptions.update(id, { url: one.receiver.url('/moved') });
    await other.webhooks.resend(data[0]!.id);
    expect(one.receiver.byPath('/moved')).toHaveLength(1);
    await one.subscriptions.remove(id);
    await expect(other.webhooks.resend(data[0]!.id)).rejects.toMatchObject({ code: 'WEBHOOKS_NOT_RESENDABLE' });
  });

  it('sends what another process has resent not once more from memory', async () => {
    const [owner, other] = [await start(), await start()];
    await owner.subscribe();
    await publish(owner);
    await owner.webhooks.idle();
    const held = holdUp(owner);
    for (let count = 0; count < 8; count++) await publish(owner);
    const last = await newestOf(owner);
    await other.webhooks.resend(last.id);
    await owner.app.get(LaneNode).beat();
    held.letGo();
    await owner.webhooks.idle();
    expect(owner.receiver).toHaveBeenTried(9);
    expect(await owner.deliveries.attemptsOf(last.id)).toMatchObject([{ number: null, succeeded: true }]);
  });

  it('lets what somebody asked for end when it shuts down', async () => {
    const host = await start({ shutdownTimeoutMs: 10_000 });
    const { id } = await host.subscribe();
    await publish(host);
    await host.webhooks.idle();
    const delivery = (await host.deliveries.list({})).data[0]!;
    host.receiver.answers(202, {}, { delayMs: 100 });
    const asked = Promise.all([host.webhooks.resend(delivery.id), host.webhooks.test(id, 'order.shipped')]);
    await host.receiver.waitFor(3);
    await host.app.close();
    expect(await asked).toMatchObject([{ status: 202 }, { status: 202 }]);
    const later = await start();
    expect(await later.deliveries.attemptsOf(delivery.id)).toMatchObject([{ status: 204 }, { status: 202 }]);
  });

  it('breaks off what somebody asked for that does not end in time, and says so', async () => {
    const host = await start({ shutdownTimeoutMs: 50 });
    await host.subscribe();
    await publish(host);
    await host.webhooks.idle();
    const delivery = (await host.deliveries.list({})).data[0]!;
    host.receiver.hangs();
    const asked = host.webhooks.resend(delivery.id);
    await host.receiver.waitFor(2);
    await host.app.close();
    expect(await asked).toMatchObject({ succeeded: false, failure: 'closed' });
  });
});
