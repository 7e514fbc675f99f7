import { defineTopic } from 'nestjs-webhooks';
import type { Duration } from '../../lib/shared/duration';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const shipment = { id: 'A-1' };

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it('delivers a published event, signed so that a library accepts it that this project did not write', async () => {
    const subscription = await given.host.subscribe();
    const event = await given.host.webhooks.publish(OrderShipped, shipment);
    await given.host.webhooks.idle();
    expect(given.host.received(subscription.secrets.current())).toEqual([
      { type: 'order.shipped', timestamp: '2025-01-01T00:00:00.000Z', data: shipment },
    ]);
    expect(given.host.receiver.requests[0]).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: { 'webhook-id': event.id, 'content-type': 'application/json' },
    });
  });

  it('delivers to every subscription that wants the topic, and to no other', async () => {
    const { host } = given;
    await host.subscribe({ url: host.receiver.url('/exact'), topics: ['order.shipped'] });
    await host.subscribe({ url: host.receiver.url('/prefix'), topics: ['order.*'] });
    await host.subscribe({ url: host.receiver.url('/all'), topics: ['*', 'order.*'] });
    await host.subscribe({ url: host.receiver.url('/disabled'), enabled: false });
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    expect(host.receiver.requests.map(({ path }) => path).sort()).toEqual(['/all', '/exact', '/prefix']);
  });

  it("delivers a tenant's event to the tenant and to platform-wide subscriptions only", async () => {
    const { host } = given;
    await host.subscribe({ url: host.receiver.url('/acme'), tenant: 'acme' });
    await host.subscribe({ url: host.receiver.url('/globex'), tenant: 'globex' });
    await host.subscribe({ url: host.receiver.url('/platform') });
    await host.webhooks.publish(OrderShipped, shipment, { tenant: 'acme' });
    await host.webhooks.idle();
    expect(host.receiver.requests.map(({ path }) => path).sort()).toEqual(['/acme', '/platform']);
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    expect(host.receiver.byPath('/platform')).toHaveLength(2);
    expect(host.receiver.requests).toHaveLength(3);
  });

  it('tries again after the waits of the schedule until a 2xx comes', async () => {
    const { host } = given;
    host.receiver.answers(500).then(503).then(204);
    const { secrets } = await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.clock.advance('4999ms');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('1ms');
    expect(host.receiver).toHaveBeenTried(2);
    await host.clock.advance('299s');
    expect(host.receiver).toHaveBeenTried(2);
    await host.clock.advance('1s');
    expect(host.receiver).toHaveBeenTried(3);
    const [delivery] = (await host.deliveries.list({})).data;
    expect(delivery).toMatchObject({ state: 'delivered', attemptCount: 3, nextAttemptAt: null });
    const attempts = await host.deliveries.attemptsOf(delivery!.id);
    expect(attempts.map(({ number, status, succeeded }) => [number, status, succeeded])).toEqual([
      [1, 500, false],
      [2, 503, false],
      [3, 204, true],
    ]);
    const ids = host.receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    expect(secrets.all()).toHaveLength(1);
  });

  it('gives up after the last attempt of the schedule, some three days later', async () => {
    const { host } = given;
    host.receiver.answers(500);
    await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.clock.advance('80h');
    expect(host.receiver).toHaveBeenTried(10);
    const { data } = await host.deliveries.list({ state: 'failed' });
    expect(data).toMatchObject([{ attemptCount: 10, nextAttemptAt: null }]);
  });

  it('waits as long as Retry-After says', async () => {
    const { host } = given;
    host.receiver.answers(503, { 'retry-after': '120' }).then(204);
    await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.clock.advance('119s');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('1s');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('leaves an overburdened receiver alone without using up the attempts of what waits', async () => {
    const { host } = given;
    host.receiver.answers(429, { 'retry-after': '60' }).then(204);
    await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    for (let count = 1; count < 20; count++) await host.webhooks.publish(OrderShipped, shipment);
    await host.clock.advance('59s');
    const tried = host.receiver.requests.length;
    await host.clock.advance('1h');
    const { data } = await host.deliveries.list({ state: 'delivered' });
    expect(data).toHaveLength(20);
    const attempts = data.reduce((sum, { attemptCount }) => sum + attemptCount, 0);
    expect(host.receiver).toHaveBeenTried(attempts);
    expect(attempts).toBe(21);
    expect(tried).toBe(1);
  });

  it('probes a receiver in trouble with one attempt after ever longer pauses, and sends the rest once one succeeds', async () => {
    const { host } = given;
    host.receiver.answers(503).then(503).then(503).then(503).then(204);
    await host.subscribe();
    await Promise.all(Array.from({ length: 10 }, () => host.webhooks.publish(OrderShipped, shipment)));
    const triedAfter = async (wait: Duration) => {
      await host.clock.advance(wait);
      return host.receiver.requests.length;
    };
    expect(await triedAfter('999ms')).toBe(2);
    expect(await triedAfter('1ms')).toBe(3);
    expect(await triedAfter('1999ms')).toBe(3);
    expect(await triedAfter('1ms')).toBe(4);
    expect(await triedAfter('1s')).toBe(4);
    await host.clock.advance('1h');
    expect((await host.deliveries.list({ state: 'delivered' })).data).toHaveLength(10);
    expect(host.receiver).toHaveBeenTried(14);
  });

  it('suspends a subscription whose receiver answers 410, and sends what it has missed when it is resumed', async () => {
    const { host } = given;
    host.receiver.answers(410).then(204);
    const { id } = await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: host.clock.now(), suspendedReason: 'gone' });
    await host.webhooks.publish(OrderShipped, shipment);
    await host.clock.advance('1h');
    expect(host.receiver).toHaveBeenTried(1);
    await host.subscriptions.resume(id);
    await host.webhooks.publish(OrderShipped, shipment);
    await host.clock.advance('1s');
    expect(host.receiver).toHaveBeenTried(3);
  });

  it('keeps what a disabled subscription is owed, and sends it when it is enabled', async () => {
    const { host } = given;
    host.receiver.answers(500).then(204);
    const { id } = await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    await host.subscriptions.update(id, { enabled: false });
    await host.clock.advance('1h');
    expect(host.receiver).toHaveBeenTried(1);
    await host.subscriptions.update(id, { enabled: true });
    await host.clock.advance('1s');
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('sends to the new URL when the URL has changed meanwhile', async () => {
    const { host } = given;
    host.receiver.answers(500).then(204);
    const { id } = await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    await host.subscriptions.update(id, { url: host.receiver.url('/new') });
    await host.clock.advance('5s');
    expect(host.receiver.requests.map(({ path }) => path)).toEqual(['/hook', '/new']);
  });

  it('cancels what is pending for a subscription that was removed', async () => {
    const { host } = given;
    host.receiver.answers(500);
    const { id } = await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    await host.subscriptions.remove(id);
    await host.clock.advance('1h');
    expect(host.receiver).toHaveBeenTried(1);
    expect((await host.deliveries.list({})).data).toMatchObject([{ state: 'canceled', attemptCount: 1 }]);
  });

  it('delivers a thousand events to one subscription, each once', async () => {
    const { host } = given;
    await host.subscribe();
    const published = await Promise.all(
      Array.from({ length: 1_000 }, () => host.webhooks.publish(OrderShipped, shipment)),
    );
    await host.webhooks.idle();
    const ids = host.receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(1_000);
    expect(new Set(ids)).toEqual(new Set(published.map(({ id }) => id)));
    expect((await host.deliveries.list({ state: 'pending' })).data).toEqual([]);
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped], webhooks: { attemptTimeoutMs: 100 } });

  it('counts an answer that does not come in time as a failed attempt', async () => {
    const { host } = given;
    host.receiver.hangs();
    await host.subscribe();
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    const [delivery] = (await host.deliveries.list({})).data;
    expect(delivery).toMatchObject({ state: 'pending', attemptCount: 1 });
    expect(await host.deliveries.attemptsOf(delivery!.id)).toMatchObject([{ status: null, failure: 'timeout' }]);
  });
});
