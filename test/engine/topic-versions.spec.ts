import { defineTopic, ReplaysService, type NewSubscription, type Topic } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';

class Shipped {
  id!: string;
  carriers!: string[];
}

const First = defineTopic('order.shipped');
const Second = defineTopic('order.shipped', Shipped, {
  version: 2,
  example: { id: 'A-0', carriers: ['DHL'] },
  earlier: [{ version: 1, transform: ({ id, carriers }: Shipped) => ({ id, carrier: carriers[0] }) }],
});
const Invoiced = defineTopic('order.invoiced', undefined, {
  version: 3,
  earlier: [
    { version: 2, transform: () => ({}) },
    { version: 1, transform: () => ({}) },
  ],
});

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  let host: Host;

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    await host.stop();
    await handle.drop();
  });

  /** The host, before and after it has a second version. */
  const deploy = async (...topics: Topic[]) => {
    await (host as Host | undefined)?.stop();
    host = await Host.start(handle, { topics });
  };
  const ship = async (id: string) => {
    await host.webhooks.publish(Second, { id, carriers: ['DHL', 'UPS'] });
    await host.webhooks.idle();
  };
  const subscribedTo = (path: string, wanted: Partial<NewSubscription> = {}) =>
    host.subscribe({ url: host.receiver.url(path), ...wanted });
  const received = (path: string) =>
    host.receiver.byPath(path).map(({ body }) => (JSON.parse(body) as { data: unknown }).data);
  const inFirst = (id: string) => ({ id, carrier: 'DHL' });
  const inSecond = (id: string) => ({ id, carriers: ['DHL', 'UPS'] });

  it('goes on as it was for those who subscribed before, and is new for those who come after', async () => {
    await deploy(First);
    const { id } = await subscribedTo('/old', { topics: ['order.*'] });
    await deploy(Second);
    await host.subscriptions.update(id, { url: host.receiver.url('/old') });
    await subscribedTo('/new');
    await ship('A-1');
    expect(received('/old')).toEqual([inFirst('A-1')]);
    expect(received('/new')).toEqual([inSecond('A-1')]);
  });

  it('is what an owner chooses, until they choose again', async () => {
    await deploy(Second);
    const { id } = await subscribedTo('/hook', { preferences: { versions: { 'order.shipped': 1 } } });
    await ship('A-1');
    await host.subscriptions.update(id, { preferences: { versions: { 'order.shipped': 2 } } });
    await ship('A-2');
    // What does not speak of versions does not change them.
    await host.subscriptions.update(id, { preferences: {} });
    await ship('A-3');
    expect(received('/hook')).toEqual([inFirst('A-1'), inSecond('A-2'), inSecond('A-3')]);
  });

  it('begins with what it is when the topic is added', async () => {
    await deploy(First);
    const { id } = await subscribedTo('/hook', { topics: ['order.shipped'] });
    await deploy(Second);
    await host.subscriptions.update(id, { url: host.receiver.url('/hook'), topics: ['*'] });
    expect((await host.subscriptions.get(id)).preferences).toEqual({});
    const later = await subscribedTo('/later', { topics: ['order.shipped'] });
    expect(later.preferences).toEqual({ versions: { 'order.shipped': 2 } });
  });

  it('is not sent as what it is not by a process that does not know it yet', async () => {
    await deploy(Second);
    await subscribedTo('/old', { preferences: { versions: { 'order.shipped': 1 } }, enabled: false });
    const { id } = (await host.subscriptions.list()).data[0]!;
    await ship('A-1');
    await deploy(First);
    await host.subscriptions.update(id, { url: host.receiver.url('/old'), enabled: true });
    await host.webhooks.idle();
    expect(host.receiver.requests).toEqual([]);
    await deploy(Second);
    await host.subscriptions.update(id, { url: host.receiver.url('/old') });
    await host.clock.advance('1h');
    expect(received('/old')).toEqual([inFirst('A-1')]);
  });

  it('is what filters look at', async () => {
    await deploy(Second);
    const filter = { carrier: ['DHL'] };
    await subscribedTo('/old', { preferences: { filter, versions: { 'order.shipped': 1 } } });
    await subscribedTo('/new', { preferences: { filter } });
    await ship('A-1');
    expect(received('/old')).toEqual([inFirst('A-1')]);
    expect(received('/new')).toEqual([]);
  });

  it('holds for replays, and for events from before there were versions', async () => {
    await deploy(First);
    await host.webhooks.publish(First, { id: 'A-0', carrier: 'GLS' });
    await host.webhooks.idle();
    await deploy(Second);
    await ship('A-1');
    const { id } = await subscribedTo('/later', { preferences: { versions: { 'order.shipped': 1 } } });
    await host.app.get(ReplaysService).start(id, { from: 0, only: 'missing' });
    await host.webhooks.idle();
    const past = received('/later') as { id: string }[];
    expect(past.sort((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
      { id: 'A-0', carrier: 'GLS' },
      inFirst('A-1'),
    ]);
  });

  it('records an attempt that failed where a transform does, and tries again', async () => {
    await deploy(Second);
    await subscribedTo('/old', { preferences: { versions: { 'order.shipped': 1 } } });
    await host.webhooks.publish(Second, { id: 'A-1' } as Shipped);
    await host.webhooks.idle();
    const { data } = await host.deliveries.list({});
    expect(data).toMatchObject([{ state: 'pending', attemptCount: 1, lastResult: 'invalid_request' }]);
    expect(host.receiver.requests).toEqual([]);
  });

  it('stays as it is for the topics that a choice does not name', async () => {
    await deploy(Second, Invoiced);
    const { id } = await subscribedTo('/hook');
    const { preferences } = await host.subscriptions.update(id, { preferences: { versions: { 'order.shipped': 1 } } });
    expect(preferences.versions).toEqual({ 'order.shipped': 1, 'order.invoiced': 3 });
  });

  it('is what a test sends', async () => {
    await deploy(Second);
    const { id } = await subscribedTo('/old', { preferences: { versions: { 'order.shipped': 1 } } });
    await host.webhooks.test(id, 'order.shipped');
    expect(received('/old')).toEqual([inFirst('A-0')]);
  });

  it('is kept for a topic that is gone, and not to be asked for', async () => {
    await deploy(Second, Invoiced);
    const { id } = await subscribedTo('/hook');
    await deploy(Second);
    const versions = { 'order.shipped': 1, 'order.invoiced': 3 };
    expect((await host.subscriptions.update(id, { preferences: { versions } })).preferences).toEqual({ versions });
    const others = host.subscriptions.update(id, { preferences: { versions: { 'order.paid': 1 } } });
    await expect(others).rejects.toThrow('versions: there is no topic "order.paid"');
  });

  it('is refused where there is no such version', async () => {
    await deploy(Second);
    const refused = subscribedTo('/hook', { preferences: { versions: { 'order.shipped': 3 } } });
    await expect(refused).rejects.toThrow('versions: "order.shipped" has versions 1 to 2');
    const mistyped = subscribedTo('/hook', { preferences: { versions: { 'order.shiped': 1 } } });
    await expect(mistyped).rejects.toThrow('versions: there is no topic "order.shiped"');
  });
});
