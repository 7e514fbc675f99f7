import { defineTopic } from 'nestjs-webhooks';
import { describeContracts } from '../contracts-host';
import { bigcommerce } from './bigcommerce.contract';

const OrderCreated = defineTopic('order.created');
const PATH = '/stores/acme/v3/hooks';

describe('A contract like that of BigCommerce', () => {
  describeContracts({ contracts: [bigcommerce()], topics: [OrderCreated] }, (host) => {
    const create = (wanted: object = {}) => {
      const destination = host().receiver.url('/hook');
      return host().call(`POST ${PATH}`, {
        scope: 'store/order/*',
        destination,
        headers: { 'X-Custom': 'one' },
        ...wanted,
      });
    };

    it('wraps answers and not requests, and answers 200 to everything', async () => {
      const { status, body } = await create();
      const { id } = (body as { data: { id: number } }).data;
      expect([status, body]).toEqual([
        200,
        {
          data: {
            id,
            client_id: 'the app',
            store_hash: 'acme',
            created_at: 1735689600,
            updated_at: 1735689600,
            scope: 'store/order/*',
            destination: host().receiver.url('/hook'),
            is_active: true,
            events_history_enabled: false,
            headers: { 'X-Custom': 'one' },
          },
          meta: {},
        },
      ]);
      const changed = await host().call(`PUT ${PATH}/${id}`, { is_active: false, events_history_enabled: true });
      expect(changed.body).toMatchObject({
        data: { is_active: false, events_history_enabled: true, headers: { 'X-Custom': 'one' } },
      });
      expect((await host().call(`GET ${PATH}`)).body).toMatchObject({
        meta: { pagination: { total: 1, count: 1, per_page: 50, current_page: 1, total_pages: 1 } },
      });
      expect((await host().call(`DELETE ${PATH}/${id}`)).body).toMatchObject({ data: { id } });
    });

    it('sends the exact scope, the id of the object and the headers of the caller', async () => {
      await create();
      await host().webhooks.publish(OrderCreated, { id: 7 }, { tenant: 'acme' });
      await host().webhooks.idle();
      const { body, headers } = host().receiver.requests[0]!;
      expect(headers['x-custom']).toBe('one');
      expect(JSON.parse(body)).toMatchObject({
        producer: 'stores/acme',
        scope: 'store/order/created',
        data: { type: 'order', id: '7' },
      });
    });
  });
});
