import { defineTopic } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host, type StandardBody } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

async function publish(host: Host, tenant: string): Promise<void> {
  await host.webhooks.publish(OrderShipped, { id: 'A-1' }, { tenant });
  await host.webhooks.idle();
}

function bodiesAt(host: Host, path: string): StandardBody[] {
  return host.receiver.byPath(path).map(({ body }) => JSON.parse(body) as StandardBody);
}

/** Somebody who wants to know what becomes of a tenant's subscriptions. */
function watch(host: Host, tenant: string, topics = ['webhooks.*']): Promise<unknown> {
  return host.subscribe({ url: host.receiver.url(`/watch/${tenant}`), tenant, topics });
}

describeEachDatabase((database) => {
  const given = hostForEach(database, {
    topics: [OrderShipped],
    webhooks: { operationalEvents: true, retry: { schedule: ['2h'], jitter: 0 } },
  });

  it('tell a tenant what becomes of its subscription, and nobody else', async () => {
    const { host } = given;
    await watch(host, 'acme');
    await watch(host, 'globex', ['*']);
    const { id } = await host.subscribe({ tenant: 'acme', topics: ['order.*'] });
    host.receiver.answers(410).then(204);
    await publish(host, 'acme');
    await host.clock.advance('1s');
    await host.subscriptions.resume(id);
    await host.clock.advance('1s');
    const told = bodiesAt(host, '/watch/acme').map(({ type, data }) => [type, data] as const);
    // In no order: each is a delivery of its own.
    expect(told.sort(([one], [other]) => (one < other ? -1 : 1))).toEqual([
      ['webhooks.delivery.exhausted', expect.objectContaining({ topic: 'order.shipped', status: 410, failure: null })],
      ['webhooks.subscription.resumed', { subscriptionId: id }],
      ['webhooks.subscription.suspended', { subscriptionId: id, reason: 'gone' }],
    ]);
    expect(bodiesAt(host, '/watch/globex')).toEqual([]);
  });

  it('tell of an endpoint that keeps failing', async () => {
    const { host } = given;
    await watch(host, 'acme', ['webhooks.subscription.failing']);
    const { id } = await host.subscribe({ tenant: 'acme', topics: ['order.*'] });
    const since = new Date(host.clock.now()).toISOString();
    host.receiver.answers(500).then(500).then(204);
    await publish(host, 'acme');
    await host.clock.advance('2h');
    expect(bodiesAt(host, '/watch/acme')).toMatchObject([{ data: { subscriptionId: id, failures: 2, since } }]);
  });

  it('tell nothing of notices that nobody takes', async () => {
    const { host } = given;
    await watch(host, 'acme');
    await host.subscribe({ tenant: 'acme', topics: ['order.*'] });
    host.receiver.answers(400);
    await publish(host, 'acme');
    await host.clock.advance('1d');
    const types = (await host.events()).map(({ topic }) => topic);
    expect(types.filter((topic) => topic === 'webhooks.delivery.exhausted')).toHaveLength(1);
  });

  it('can be subscribed to by name', async () => {
    const { host } = given;
    await expect(host.subscribe({ topics: ['webhooks.subscription.suspendet'] })).rejects.toThrow('did you mean');
  });
});
