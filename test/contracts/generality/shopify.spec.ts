import { createHmac } from 'node:crypto';
import { defineTopic } from 'nestjs-webhooks';
import { describeContracts } from '../contracts-host';
import { shopify } from './shopify.contract';

const OrderCreated = defineTopic('order.created');
const PATH = '/admin/api/2024-01/webhooks';

describe('A contract like that of Shopify', () => {
  const webhooks = { retry: { schedule: Array.from({ length: 9 }, () => '1m' as const), jitter: 0 } };
  describeContracts({ contracts: [shopify('the secret of the app')], topics: [OrderCreated], webhooks }, (host) => {
    const create = async () => {
      const webhook = { address: host().receiver.url('/hook'), topic: 'orders/create', format: 'json' };
      return host().call(`POST ${PATH}.json`, { webhook });
    };
    const idOf = (body: unknown) => (body as { webhook: { id: number } }).webhook.id;

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      host().receiver.clear();
    });

    it('wraps what comes in and what goes out, and writes local times', async () => {
      const { status, text, body } = await create();
      expect(status).toBe(201);
      expect(text).toBe(
        `{"webhook":{"id":${idOf(body)},"address":"${host().receiver.url('/hook')}","topic":"orders/create",` +
          '"created_at":"2024-12-31T19:00:00","updated_at":"2024-12-31T19:00:00","format":"json"}}',
      );
      const path = `${PATH}/${idOf(body)}.json`;
      const changed = await host().call(`PUT ${path}`, { webhook: { topic: 'orders/updated' } });
      expect(changed.body).toMatchObject({ webhook: { topic: 'orders/updated', format: 'json' } });
      const deleted = await host().call(`DELETE ${path}`);
      expect([deleted.status, deleted.text]).toEqual([200, '{}']);
      expect((await host().call(`GET ${path}`)).status).toBe(404);
    });

    it('lists in a wrapper, with the next page in a header', async () => {
      const first = idOf((await create()).body);
      await create();
      const { body, headers } = await host().call(`GET ${PATH}.json?limit=1`);
      expect((body as { webhooks: unknown[] }).webhooks).toMatchObject([{ id: first }]);
      const url = `${await host().app.getUrl()}${PATH}.json?limit=1`;
      expect(headers.get('link')).toContain(`<${url}&since_id=${first}>; rel="next"`);
    });

    it('signs with one secret for all, in base64', async () => {
      host().receiver.answers(200);
      await create();
      await host().webhooks.publish(OrderCreated, { id: 1 }, { tenant: 'acme' });
      await host().webhooks.idle();
      const { body, headers } = host().receiver.requests[0]!;
      expect(headers['x-shopify-hmac-sha256']).toBe(
        createHmac('sha256', 'the secret of the app').update(body).digest('base64'),
      );
      expect(headers['x-shopify-topic']).toBe('orders/create');
    });

    it('takes 200 only for a success, and is turned off after more than five failures in a row', async () => {
      host().receiver.answers(202);
      await create();
      await host().webhooks.publish(OrderCreated, { id: 1 }, { tenant: 'acme' });
      await host().webhooks.idle();
      const suspended = async () => (await host().subscriptions.list()).data[0]!.suspendedAt !== null;
      await host().clock.advance('4m');
      expect(host().receiver).toHaveBeenTried(5);
      expect(await suspended()).toBe(false);
      await host().clock.advance('1m');
      expect(host().receiver).toHaveBeenTried(6);
      expect(await suspended()).toBe(true);
      await host().clock.advance('1h');
      expect(host().receiver).toHaveBeenTried(6);
    });

    it('says what is wrong with a field', async () => {
      const answer = await host().call(`POST ${PATH}.json`, { webhook: { topic: 'nothing/new' } });
      expect([answer.status, answer.body]).toEqual([
        422,
        {
          errors: {
            address: ['is required'],
            topic: ['must be one of orders/create, orders/updated, app/uninstalled'],
          },
        },
      ]);
      expect((await host().call(`POST ${PATH}.json`, { topic: 'orders/create' })).status).toBe(422);
    });
  });
});
