import { defineTopic, DeliveriesRepository } from 'nestjs-webhooks';
import { LaneClaims } from '../../lib/lanes/lane-claims';
import { LaneNode } from '../../lib/lanes/lane-node';
import { LanesRepository } from '../../lib/lanes/lanes.repository';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];
  const start = async () => {
    const host = await Host.start(handle, { topics: [OrderShipped], webhooks: { shutdownTimeoutMs: 100 } });
    hosts.push(host);
    return host;
  };
  const publish = (host: Host, count: number) =>
    Promise.all(Array.from({ length: count }, (_, id) => host.webhooks.publish(OrderShipped, { id: String(id) })));

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('stores events together with what they owe', async () => {
    const host = await start();
    const { id: subscription } = await host.subscribe();
    host.receiver.hangs();
    const fanOut = jest.spyOn(host.app.get(DeliveriesRepository), 'fanOut');
    const published = await publish(host, 20);
    const { data } = await host.deliveries.list({ subscription, limit: 100 });
    expect(new Set(data.map(({ eventId }) => eventId))).toEqual(new Set(published.map(({ id }) => id)));
    expect(fanOut).not.toHaveBeenCalled();
  });

  it('owes nothing to a subscription that another process has removed, and everything to one that it has made', async () => {
    const [first, second] = [await start(), await start()];
    const removed = await first.subscribe({ url: first.receiver.url('/removed') });
    await publish(first, 1);
    await first.webhooks.idle();
    await second.subscriptions.remove(removed.id);
    await second.subscribe({ url: first.receiver.url('/made') });
    await publish(first, 3);
    await Promise.all([first.webhooks.idle(), second.webhooks.idle()]);
    await first.receiver.waitFor(4);
    expect(first.receiver.requests.map(({ path }) => path)).toEqual(['/removed', '/made', '/made', '/made']);
  });

  it('stores what an event owes to more subscriptions than fit one statement after the event', async () => {
    const host = await start();
    for (let index = 0; index < 11; index++) await host.subscribe({ url: host.receiver.url(`/${index}`) });
    await publish(host, 100);
    await host.webhooks.idle();
    const deliveries = host.receiver.requests.map(({ path, headers }) => `${path} ${String(headers['webhook-id'])}`);
    expect(deliveries).toHaveLength(1_100);
    expect(new Set(deliveries).size).toBe(1_100);
  });

  it('delivers each event once when the answer to its publication is lost', async () => {
    const host = await start();
    await host.subscribe();
    const repository = host.app.get(DeliveriesRepository);
    const store = repository.publish.bind(repository);
    jest.spyOn(repository, 'publish').mockImplementationOnce(async (publication) => {
      await store(publication);
      throw new Error('connection lost');
    });
    await publish(host, 3);
    await host.webhooks.idle();
    expect(new Set(host.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    expect(host.receiver).toHaveBeenTried(3);
  });

  it('sends the first event that a process publishes to where its subscription has moved', async () => {
    const [second, first] = [await start(), await start()];
    const { id } = await first.subscribe({ url: first.receiver.url('/old') });
    await second.app.get(LaneNode).claim([id]);
    await first.webhooks.publish(OrderShipped, { id: '1' });
    await first.webhooks.idle();
    await second.app.get(LaneNode).beat();
    await second.webhooks.idle();
    await first.subscriptions.update(id, { url: first.receiver.url('/new') });
    await publish(second, 1);
    await second.webhooks.idle();
    expect(first.receiver.requests.map(({ path }) => path)).toEqual(['/old', '/new']);
  });

  it('sends what was stored for a lane while this very process was claiming it', async () => {
    const host = await start();
    await host.subscribe();
    const [lanes, deliveries] = [host.app.get(LanesRepository), host.app.get(DeliveriesRepository)];
    const [claim, store] = [lanes.claim.bind(lanes), deliveries.publish.bind(deliveries)];
    const [second, claimed] = [gate(), gate()];
    jest.spyOn(lanes, 'claim').mockImplementationOnce(async (...named) => {
      await second.opened;
      return claim(...named).finally(() => setImmediate(claimed.open));
    });
    await publish(host, 1);
    jest.spyOn(deliveries, 'publish').mockImplementationOnce(async (publication) => {
      second.open();
      await claimed.opened;
      return store(publication);
    });
    await publish(host, 1);
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('is published when it is stored, whether or not its lanes can be taken', async () => {
    const host = await start();
    await host.subscribe();
    jest.spyOn(host.app.get(LaneClaims), 'claim').mockRejectedValueOnce(new Error('connection lost'));
    const published = await publish(host, 1);
    await host.app.get(LaneNode).beat();
    await host.webhooks.idle();
    expect(host.receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(published.map(({ id }) => id));
  });
});

describeEachDatabase({ only: ['mysql'] }, (database) => {
  it('judges by one revision of the subscriptions where every statement sees its own snapshot', async () => {
    const handle = await database.create();
    const options = { ...handle.options, isolationLevel: 'READ COMMITTED' } as DatabaseHandle['options'];
    const host = await Host.start({ options }, { topics: [OrderShipped] });
    const { id: subscription } = await host.subscribe();
    const repository = host.app.get(DeliveriesRepository);
    const insertion = jest.spyOn(repository, 'publish');
    const changes = Array.from({ length: 20 }, async (_, index) => {
      await host.subscriptions.update(subscription, { description: String(index) });
    });
    const publications = Array.from({ length: 20 }, (_, id) =>
      host.webhooks.publish(OrderShipped, { id: String(id) }).then((event) => event.id),
    );
    const events = await Promise.all(publications);
    await Promise.all(changes);
    await host.webhooks.idle();
    const { data } = await host.deliveries.list({ subscription, limit: 100 });
    expect(insertion).toHaveBeenCalled();
    expect(new Set(data.map(({ eventId }) => eventId))).toEqual(new Set(events));
    await host.stop();
    await handle.drop();
  });
});
