import { createHmac } from 'node:crypto';
import { defineTopic, type Topic } from 'nestjs-webhooks';
import { packcloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const PATH = '/v1/organizations/acme/webhooks';
const OrderCreated = defineTopic('order.created');
const OrderShipped = defineTopic('shop.shipment.left');

describe('A delivery of Pack.cloud', () => {
  const contracts = [packcloud({ topics: { 'order.shipped': 'shop.shipment.left' } })];
  describeContracts({ contracts, topics: [OrderCreated, OrderShipped] }, (host) => {
    const subscribe = async (wanted: object = {}) => {
      const endpoint = host().receiver.url('/order-created');
      const body = { event_code: 'order.created', endpoint, secret: 'q9NhjkjV9o', ...wanted };
      return (await host().call(`POST ${PATH}`, body)).body as { id: string };
    };
    const publish = async (topic: Topic = OrderCreated) => {
      await host().webhooks.publish(topic, { id: 'A-1', total: 1.5 }, { tenant: 'acme' });
      await host().webhooks.idle();
    };

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      await host().webhooks.idle();
      host().receiver.clear();
    });

    it('posts the event and its data, signed with the secret in hex', async () => {
      await subscribe();
      await publish();
      const [request] = host().receiver.requests;
      const body = '{"event":"order.created","data":{"id":"A-1","total":1.5}}';
      expect(request).toMatchObject({ method: 'POST', path: '/order-created', body });
      expect(request!.headers).toMatchObject({
        'content-type': 'application/json',
        signature: createHmac('sha256', 'q9NhjkjV9o').update(body).digest('hex'),
      });
    });

    it('has the documented name of a topic that the host calls otherwise', async () => {
      await subscribe({ event_code: 'order.shipped' });
      await publish(OrderShipped);
      expect(host().receiver.requests[0]!.body).toMatch(/^\{"event":"order.shipped",/);
    });

    it('is tried three times, after 10 and 100 seconds', async () => {
      host().receiver.answers(500);
      await subscribe();
      await publish();
      expect(host().receiver).toHaveBeenTried(1);
      await host().clock.advance('9s');
      expect(host().receiver).toHaveBeenTried(1);
      await host().clock.advance('1s');
      expect(host().receiver).toHaveBeenTried(2);
      await host().clock.advance('99s');
      expect(host().receiver).toHaveBeenTried(2);
      await host().clock.advance('1s');
      expect(host().receiver).toHaveBeenTried(3);
      await host().clock.advance('1d');
      expect(host().receiver).toHaveBeenTried(3);
    });

    it('is not made while the webhook is not enabled', async () => {
      const { id } = await subscribe({ enabled: false });
      await publish();
      expect(host().receiver).toHaveBeenTried(0);
      await host().call(`PUT ${PATH}/${id}`, { enabled: true });
      await publish();
      expect(host().receiver).toHaveBeenTried(1);
    });
  });
});
