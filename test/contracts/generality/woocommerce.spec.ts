import { createHmac } from 'node:crypto';
import { defineTopic } from 'nestjs-webhooks';
import { describeContracts } from '../contracts-host';
import { woocommerce } from './woocommerce.contract';

const OrderCreated = defineTopic('order.created');
const PATH = '/wp-json/wc/v3/webhooks';

interface Shown {
  readonly id: number;
  readonly status: string;
}

describe('A contract like that of WooCommerce', () => {
  const contracts = [woocommerce('https://shop.example', 'Europe/Amsterdam')];
  describeContracts({ contracts, topics: [OrderCreated] }, (host) => {
    const create = async (wanted: object = {}) => {
      const delivery_url = host().receiver.url('/hook');
      const made = await host().call(`POST ${PATH}`, {
        topic: 'order.created',
        delivery_url,
        secret: 's3cret',
        ...wanted,
      });
      expect(made.status).toBe(201);
      return made.body as Shown;
    };
    const change = async ({ id }: Shown, wanted: object, method = 'PUT') =>
      (await host().call(`${method} ${PATH}/${id}`, wanted)).body as Shown;
    const read = async ({ id }: Shown) => (await host().call(`GET ${PATH}/${id}`)).body as Shown;
    const publish = async () => {
      await host().webhooks.publish(OrderCreated, { id: 7 }, { tenant: 'acme' });
      await host().webhooks.idle();
    };

    beforeEach(() => void host().receiver.answers(200));
    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      host().receiver.clear();
    });

    it('shows local times beside GMT, the parts of the topic and a link to itself, and never the secret', async () => {
      const shown = await create();
      expect(shown).toEqual({
        id: shown.id,
        name: 'Webhook created on 2025-01-01T01:00:00',
        status: 'active',
        topic: 'order.created',
        resource: 'order',
        event: 'created',
        delivery_url: host().receiver.url('/hook'),
        date_created: '2025-01-01T01:00:00',
        date_created_gmt: '2025-01-01T00:00:00',
        date_modified: '2025-01-01T01:00:00',
        date_modified_gmt: '2025-01-01T00:00:00',
        _links: { self: [{ href: `${await host().app.getUrl()}${PATH}/${shown.id}` }] },
      });
      expect(await change(shown, { name: 'Ours' }, 'POST')).toMatchObject({ name: 'Ours', status: 'active' });
      expect(host().receiver.requests).toMatchObject([
        { body: `webhook_id=${shown.id}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      ]);
    });

    it('signs in base64, and takes a redirection for a success', async () => {
      const { id } = await create();
      host().receiver.answers(302, { location: '/elsewhere' });
      await publish();
      const { body, headers } = host().receiver.requests[1]!;
      expect(headers).toMatchObject({
        'x-wc-webhook-signature': createHmac('sha256', 's3cret').update(body).digest('base64'),
        'x-wc-webhook-topic': 'order.created',
        'x-wc-webhook-id': String(id),
      });
      expect((await host().deliveries.list({})).data).toMatchObject([{ state: 'delivered' }]);
    });

    it('tries once, is disabled at the sixth failure, and works again once its owner says that it is active', async () => {
      const hook = await create();
      host().receiver.answers(500);
      for (let count = 0; count < 6; count++) {
        expect(await read(hook)).toMatchObject({ status: 'active' });
        await publish();
      }
      expect(await read(hook)).toMatchObject({ status: 'disabled' });
      expect(host().receiver).toHaveBeenTried(7);
      host().receiver.answers(200);
      expect(await change(hook, { status: 'active' })).toMatchObject({ status: 'active' });
      await publish();
      expect(host().receiver.requests.at(-1)!.body).toBe('{"id":7}');
    });

    it('may be paused and disabled by its owner, who hears the same word again', async () => {
      const hook = await create({ status: 'paused' });
      expect(hook).toMatchObject({ status: 'paused' });
      expect(await create({ status: 'disabled' })).toMatchObject({ status: 'disabled' });
      for (const status of ['disabled', 'paused', 'disabled', 'active']) {
        expect(await change(hook, { status })).toMatchObject({ status });
        expect(await change(hook, { ...hook, status })).toMatchObject({ status });
      }
      await change(hook, { status: 'disabled' });
      const delivery_url = host().receiver.url('/other');
      expect(await change(hook, { delivery_url })).toMatchObject({ status: 'disabled', delivery_url });
      expect(await change(hook, { status: 'active' })).toMatchObject({ status: 'active' });
      expect(host().receiver.requests.at(-1)!.path).toBe('/other');
      expect((await host().call(`PUT ${PATH}/${hook.id}`, { status: 'off' })).body).toMatchObject({
        code: 'rest_invalid_param',
        data: { status: 400, params: { status: 'status must be one of active, paused, disabled' } },
      });
    });

    it('lists a bare array, with the number of pages beside the total', async () => {
      for (let count = 0; count < 3; count++) await create();
      const url = `${await host().app.getUrl()}${PATH}`;
      const { body, headers } = await host().call(`GET ${PATH}?per_page=2&orderby=id&order=asc`);
      expect(body).toHaveLength(2);
      expect([headers.get('x-wp-total'), headers.get('x-wp-totalpages')]).toEqual(['3', '2']);
      const at = (page: number) => `<${url}?per_page=2&orderby=id&order=asc&page=${page}>`;
      expect(headers.get('link')).toBe(`${at(2)}; rel="next"`);
      const second = await host().call(`GET ${PATH}?per_page=1&orderby=id&order=asc&page=2`);
      expect(second.headers.get('link')?.match(/rel="\w+"/g)).toEqual(['rel="prev"', 'rel="next"']);
    });
  });
});
