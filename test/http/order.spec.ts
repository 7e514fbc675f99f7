import { describeManagement } from './management-host';

describe('The order of a subscription over the management API', () => {
  describeManagement((host) => {
    const call = (route: string, body?: unknown) => host().call('acme', route, body);
    const make = (order?: unknown) =>
      call('POST /webhooks/subscriptions', { url: host().receiver.url('/hook'), topics: ['*'], order });

    it('can be asked for, shown, and given up', async () => {
      const { status, body } = await make('fifo');
      expect({ status, body }).toMatchObject({ status: 201, body: { order: 'fifo' } });
      const route = `/webhooks/subscriptions/${body.id}`;
      expect((await call(`PATCH ${route}`, { description: 'mine' })).body).toMatchObject({ order: 'fifo' });
      expect((await call(`PATCH ${route}`, { order: null })).body).toMatchObject({ order: null });
      expect((await call(`GET ${route}`)).body).toMatchObject({ order: null, description: 'mine' });
    });

    it('is refused where nobody knows it', async () => {
      for (const order of ['lifo', '', 1, true, {}, ['fifo']]) {
        expect(await make(order)).toMatchObject({ status: 400, body: { errors: [{ field: 'order' }] } });
      }
    });

    it('lets what waits be seen as pending, without a time', async () => {
      const { id } = (await make('fifo')).body;
      host().receiver.answers(500);
      const publish = () => host().webhooks.publish('order.created', {}, { tenant: 'acme', orderingKey: 'A-1' });
      for (let count = 0; count < 2; count++) await publish();
      await host().webhooks.idle();
      const [second, first] = (await call(`GET /webhooks/deliveries?subscription=${id}`)).body.data;
      expect(second).toMatchObject({ state: 'pending', attemptCount: 0, nextAttemptAt: null });
      expect(first).toMatchObject({ state: 'pending', attemptCount: 1, nextAttemptAt: expect.any(String) as string });
    });
  });
});
