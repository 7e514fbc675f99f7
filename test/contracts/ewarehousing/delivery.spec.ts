import { defineTopic, type Topic } from 'nestjs-webhooks';
import { ewarehousing } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const CUSTOMER = 'be62c27e-2aac-4ac1-902e-f770d64f8dce';
const VARIANT = {
  id: 'f9cc7e9c-7ac2-45df-b4a3-1a19321c144d',
  ean: '123',
  sku: '12345',
  modified_at: '2022-02-11T17:45:01+0000',
  article_code: 'green_jacket',
  stock_salable: 973,
  stock_physical: 1000,
  stock_available: 973,
  stock_quarantine: 0,
};
/** What the documented recipe for verifying makes of the documented body and the secret ABC12345. */
const SIGNATURE = 'eJxOClg804JLOnXXWRubLNyt3tu6a2S7ZQ7KBdaSKsA=';

const StockUpdated = defineTopic('stock.updated');
const OrderGone = defineTopic('shop.order.gone');

describe('A delivery of eWarehousing Solutions', () => {
  const contract = ewarehousing({
    customers: { acme: CUSTOMER },
    topics: { 'order.shipped': 'shop.order.gone' },
  });
  describeContracts({ contracts: [contract], topics: [StockUpdated, OrderGone] }, (host) => {
    const subscribe = async (wanted: object = {}) => {
      // The API takes https only, and the receiver speaks http: so the host makes it.
      const url = host().receiver.url('/hook');
      const { topics = ['stock.updated'] } = wanted as { topics?: string[] };
      return host().subscriptions.create({ url, topics, tenant: 'acme', secret: 'ABC12345', contract: 'ewarehousing' });
    };
    const publish = async (topic: Topic = StockUpdated, payload: object = VARIANT) => {
      const { id } = await host().webhooks.publish(topic, payload, { tenant: 'acme' });
      await host().webhooks.idle();
      return id;
    };

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      await host().webhooks.idle();
      host().receiver.clear();
    });

    it('posts the documented body, byte for byte, with the documented signature', async () => {
      await subscribe();
      await publish();
      const [request] = host().receiver.requests;
      const rest = `"group":"stock","action":"updated","entity":"variant","customer":"${CUSTOMER}"`;
      expect(request).toMatchObject({
        method: 'POST',
        path: '/hook',
        body: `{"body":${JSON.stringify(VARIANT)},${rest},"entityId":"${VARIANT.id}"}`,
      });
      expect(request!.headers).toMatchObject({
        'content-type': 'application/json',
        'x-hmac-sha256': SIGNATURE,
        'x-webhook-topic': 'stock.updated',
        'x-webhook-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      });
    });

    it('names the pair of a topic that the host calls otherwise, and the group as the entity', async () => {
      await subscribe({ topics: ['shop.order.gone'] });
      await publish(OrderGone, { id: 'o-1' });
      const [request] = host().receiver.requests;
      const rest = `"group":"order","action":"shipped","entity":"order","customer":"${CUSTOMER}","entityId":"o-1"`;
      expect(request!.body).toBe(`{"body":{"id":"o-1"},${rest}}`);
      expect(request!.headers['x-webhook-topic']).toBe('order.shipped');
    });

    it('is tried again every hour, ten times, with the same id and body', async () => {
      host().receiver.answers(500);
      await subscribe();
      await publish();
      for (let retry = 1; retry <= 10; retry++) {
        await host().clock.advance('59m');
        expect(host().receiver).toHaveBeenTried(retry);
        await host().clock.advance('1m');
        expect(host().receiver).toHaveBeenTried(retry + 1);
      }
      await host().clock.advance('1d');
      expect(host().receiver).toHaveBeenTried(11);
      const { requests } = host().receiver;
      expect(new Set(requests.map(({ headers, body }) => `${String(headers['x-webhook-id'])} ${body}`)).size).toBe(1);
    });

    it('fails when it is redirected', async () => {
      host().receiver.answers(301, { location: host().receiver.url('/elsewhere') });
      await subscribe();
      const event = await publish();
      expect(host().receiver).toHaveBeenTried(1);
      expect((await host().deliveries.list({ event })).data).toMatchObject([{ state: 'pending', attemptCount: 1 }]);
    });
  });
});
