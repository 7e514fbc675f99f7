import { Webhook } from 'standardwebhooks';
import { defineTopic, type LifecycleEvent } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment, { example: { id: 'A-1001' } });

async function published(host: Host): Promise<string> {
  await host.webhooks.publish(OrderShipped, { id: 'A-1' });
  await host.webhooks.idle();
  return (await host.deliveries.list({})).data[0]!.id;
}

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped], webhooks: { retry: { schedule: ['1h'], jitter: 0 } } });

  describe('Sending a delivery again', () => {
    it('repeats the event with its id, signed with the current secret, and delivers what had failed', async () => {
      const { host } = given;
      const subscription = await host.subscribe();
      host.receiver.answers(500).then(500).then(204);
      const id = await published(host);
      await host.clock.advance('1h');
      expect(await host.deliveries.byId(id)).toMatchObject({ state: 'failed' });
      const { secrets } = await host.subscriptions.update(subscription.id, { secret: `whsec_${'A'.repeat(32)}` });
      const attempt = await host.webhooks.resend(id);
      expect(attempt).toMatchObject({ number: null, succeeded: true, status: 204 });
      expect(await host.deliveries.byId(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
      const [first, , last] = host.receiver.requests;
      expect(last!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
      const now = jest.spyOn(Date, 'now').mockReturnValue(host.clock.now());
      expect(() =>
        new Webhook(secrets.current()).verify(last!.body, last!.headers as Record<string, string>),
      ).not.toThrow();
      now.mockRestore();
    });

    it('shows what came back among the attempts, the one that was asked for without a number', async () => {
      const { host } = given;
      await host.subscribe();
      const id = await published(host);
      host.receiver.answers(409, {}, { body: 'twice' });
      await host.webhooks.resend(id);
      const attempts = await host.deliveries.attemptsOf(id);
      expect(attempts.map(({ number, status, responseBody }) => [number, status, responseBody])).toEqual([
        [1, 204, ''],
        [null, 409, 'twice'],
      ]);
    });

    it('shows the newest hundred of more attempts than anybody reads', async () => {
      const { host } = given;
      await host.subscribe();
      const id = await published(host);
      for (let count = 0; count < 100; count++) await host.webhooks.resend(id);
      const attempts = await host.deliveries.attemptsOf(id);
      expect(attempts.map(({ number }) => number)).toEqual(Array(100).fill(null));
      expect(attempts.map((attempt) => attempt.id)).toEqual(attempts.map((attempt) => attempt.id).sort());
    });

    it('leaves a delivery that is not taken as it was, with its retries', async () => {
      const { host } = given;
      await host.subscribe();
      host.receiver.answers(500).then(500).then(204);
      const id = await published(host);
      const before = await host.deliveries.byId(id);
      expect(await host.webhooks.resend(id)).toMatchObject({ succeeded: false });
      expect(await host.deliveries.byId(id)).toEqual(before);
      await host.clock.advance('1h');
      expect(await host.deliveries.byId(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
    });

    it('spares a delivery that is taken the retries that were planned', async () => {
      const { host } = given;
      await host.subscribe();
      host.receiver.answers(500).then(204);
      const id = await published(host);
      await host.webhooks.resend(id);
      await host.clock.advance('1h');
      expect(host.receiver).toHaveBeenTried(2);
    });

    it('works for a subscription that is disabled or suspended, and does not turn it on or off', async () => {
      const { host } = given;
      const { id: subscription } = await host.subscribe();
      host.receiver.answers(410).then(204).then(410);
      const id = await published(host);
      expect(await host.subscriptions.get(subscription)).toMatchObject({ suspendedReason: 'gone' });
      expect(await host.webhooks.resend(id)).toMatchObject({ succeeded: true });
      expect(await host.subscriptions.get(subscription)).toMatchObject({ suspendedReason: 'gone' });
      await host.subscriptions.resume(subscription);
      expect(await host.webhooks.resend(id)).toMatchObject({ status: 410 });
      expect(await host.subscriptions.get(subscription)).toMatchObject({ suspendedReason: null });
    });

    it('tells whoever listens', async () => {
      const { host } = given;
      await host.subscribe();
      const id = await published(host);
      const told: LifecycleEvent[] = [];
      host.webhooks.subscribe((event) => told.push(event));
      await host.webhooks.resend(id);
      expect(told).toMatchObject([{ type: 'delivery.resent', delivery: { id }, attempt: { succeeded: true } }]);
    });

    it('refuses a delivery that is not there, is another tenant’s, or has nobody to go to', async () => {
      const { host } = given;
      const { id: subscription } = await host.subscribe();
      const id = await published(host);
      await expect(host.webhooks.resend('dlv_1')).rejects.toThrow('There is no delivery "dlv_1"');
      await expect(host.webhooks.resend(id, { tenant: 'acme' })).rejects.toThrow(`There is no delivery "${id}"`);
      await host.subscriptions.remove(subscription);
      await expect(host.webhooks.resend(id)).rejects.toThrow('its event or its subscription is gone');
    });
  });

  describe('A test request', () => {
    it('carries the example of a topic, signed, and answers what came back', async () => {
      const { host } = given;
      const { id, secrets } = await host.subscribe();
      host.receiver.answers(202, {}, { body: 'thanks' });
      const result = await host.webhooks.test(id, 'order.shipped');
      expect(result).toMatchObject({ succeeded: true, status: 202, responseBody: 'thanks', failure: null });
      expect(host.received(secrets.current())).toMatchObject([{ type: 'order.shipped', data: { id: 'A-1001' } }]);
      expect(host.receiver.requests[0]!.headers['webhook-id']).toBe(result.eventId);
    });

    it('leaves no trace, and is not tried again', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.answers(410);
      expect(await host.webhooks.test(id, 'order.shipped')).toMatchObject({ succeeded: false, status: 410 });
      await host.clock.advance('1d');
      expect(host.receiver).toHaveBeenTried(1);
      expect(await host.events()).toEqual([]);
      expect((await host.deliveries.list({})).data).toEqual([]);
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
    });

    it('says why nothing came back', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.resets();
      const result = await host.webhooks.test(id, 'order.shipped');
      expect(result).toMatchObject({ succeeded: false, status: null, failure: 'connection' });
    });

    it('refuses a topic that there is not', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      await expect(host.webhooks.test(id, 'order.shiped')).rejects.toThrow('did you mean "order.shipped"');
      await expect(host.webhooks.test(id, 'order.shipped', { tenant: 'acme' })).rejects.toThrow('no subscription');
    });
  });
});
