import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { AN_ORDER, Sample } from './sample';

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  let handle: DatabaseHandle;
  let sample: Sample;

  beforeEach(async () => {
    handle = await database.create();
    sample = await Sample.start(handle);
  });

  afterEach(async () => {
    await sample.stop();
    await handle.drop();
  });

  it.each(['/orders', '/contacts', '/api/webhooks/subscriptions', '/api/webhooks/topics'])(
    'asks for a known key at %s',
    async (path) => {
      expect(await sample.stranger.get(path)).toMatchObject({ status: 401 });
    },
  );

  it("hides a tenant's orders from other tenants and shows them to the operator", async () => {
    const { body } = await sample.acme.post('/orders', AN_ORDER);
    const path = `/orders/${body.id}`;
    expect((await sample.globex.get('/orders')).body).toEqual([]);
    expect(await sample.globex.get(path)).toMatchObject({ status: 404 });
    expect(await sample.globex.patch(path, { reference: 'mine' })).toMatchObject({ status: 404 });
    expect(await sample.globex.post(`${path}/ship`)).toMatchObject({ status: 404 });
    expect(await sample.globex.delete(path)).toMatchObject({ status: 404 });
    expect(await sample.operator.get(path)).toMatchObject({ status: 200, body });
    expect((await sample.operator.get('/orders')).body).toEqual([body]);
  });

  it("hides a tenant's subscriptions from other tenants and shows them to the operator", async () => {
    const { id } = await sample.subscribe(sample.acme, 'acme');
    const path = `/api/webhooks/subscriptions/${id}`;
    expect(await sample.globex.get(path)).toMatchObject({ status: 404 });
    expect(await sample.globex.delete(path)).toMatchObject({ status: 404 });
    expect((await sample.globex.get('/api/webhooks/subscriptions')).body.data).toEqual([]);
    expect((await sample.operator.get('/api/webhooks/subscriptions')).body.data).toMatchObject([
      { id, tenant: 'acme' },
    ]);
  });

  it('keeps the same stock number of two tenants apart', async () => {
    await sample.acme.patch('/stock/SKU-1', { physical: 7 });
    const { body } = await sample.globex.patch('/stock/SKU-1', { salable: 3 });
    expect(body).toMatchObject({ tenant: 'globex', physical: 0, salable: 3 });
  });

  it('lets the operator, and only the operator, say whose a new order is', async () => {
    const forGlobex = { ...AN_ORDER, tenant: 'globex' };
    expect(await sample.acme.post('/orders', forGlobex)).toMatchObject({ status: 403 });
    const { body } = await sample.operator.post('/orders', forGlobex);
    expect(await sample.globex.get(`/orders/${body.id}`)).toMatchObject({ status: 200, body: { tenant: 'globex' } });
    expect((await sample.operator.post('/orders', AN_ORDER)).body).toMatchObject({ tenant: null });
  });

  it("delivers a tenant's events to that tenant and to the platform only", async () => {
    await sample.subscribe(sample.globex, 'globex');
    await sample.subscribe(sample.operator, 'platform');
    await sample.acme.post('/orders', AN_ORDER);
    await sample.globex.post('/contacts', { name: 'Ada', email: 'ada@example.com' });
    const platform = await sample.received('platform', 2);
    expect(platform.map(({ body }) => (body as { type: string }).type).sort()).toEqual([
      'contact.created',
      'order.created',
    ]);
    const globex = await sample.received('globex', 1);
    expect(globex).toMatchObject([{ body: { type: 'contact.created' }, verified: true }]);
  });
});
