import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { AN_ORDER, Sample } from './sample';

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  let sample: Sample;

  beforeAll(async () => {
    handle = await database.create();
    sample = await Sample.start(handle);
  });

  afterAll(async () => {
    await sample.stop();
    await handle.drop();
  });

  it('creates, reads, changes, lists and removes an order', async () => {
    const created = await sample.acme.post('/orders', AN_ORDER);
    expect(created).toMatchObject({ status: 201, body: { ...AN_ORDER, tenant: 'acme', status: 'open' } });
    const path = `/orders/${created.body.id}`;
    expect(await sample.acme.get(path)).toMatchObject({ status: 200, body: created.body });
    const lines = [{ sku: 'SKU-2', quantity: 5 }];
    expect(await sample.acme.patch(path, { lines })).toMatchObject({ status: 200, body: { ...created.body, lines } });
    expect((await sample.acme.get('/orders')).body).toEqual([{ ...created.body, lines }]);
    expect(await sample.acme.delete(path)).toMatchObject({ status: 204, body: undefined });
    expect(await sample.acme.get(path)).toMatchObject({ status: 404 });
    expect((await sample.acme.get('/orders')).body).toEqual([]);
  });

  it('creates, reads, changes, lists and removes a contact', async () => {
    const created = await sample.acme.post('/contacts', { name: 'Ada', email: 'ada@example.com' });
    expect(created).toMatchObject({ status: 201, body: { name: 'Ada', email: 'ada@example.com', tenant: 'acme' } });
    const path = `/contacts/${created.body.id}`;
    expect(await sample.acme.patch(path, { name: 'Grace' })).toMatchObject({ status: 200, body: { name: 'Grace' } });
    expect(await sample.acme.get(path)).toMatchObject({ body: { name: 'Grace', email: 'ada@example.com' } });
    expect((await sample.acme.get('/contacts')).body).toMatchObject([{ id: created.body.id }]);
    expect(await sample.acme.delete(path)).toMatchObject({ status: 204 });
    expect(await sample.acme.get(path)).toMatchObject({ status: 404 });
  });

  it('makes a stock level with the first change, and changes it with the next', async () => {
    const first = await sample.acme.patch('/stock/SKU-1', { physical: 1000, salable: 973 });
    expect(first).toMatchObject({ status: 200, body: { sku: 'SKU-1', physical: 1000, salable: 973 } });
    const second = await sample.acme.patch('/stock/SKU-1', { salable: -2 });
    expect(second.body).toEqual({ ...first.body, salable: -2 });
  });

  it('ships or cancels an order once', async () => {
    const { body: shipped } = await sample.acme.post('/orders', AN_ORDER);
    const ship = await sample.acme.post(`/orders/${shipped.id}/ship`);
    expect(ship).toMatchObject({ status: 200, body: { id: shipped.id, status: 'shipped' } });
    expect(await sample.acme.post(`/orders/${shipped.id}/cancel`)).toMatchObject({ status: 409 });
    const { body: canceled } = await sample.acme.post('/orders', AN_ORDER);
    const cancel = await sample.acme.post(`/orders/${canceled.id}/cancel`);
    expect(cancel).toMatchObject({ status: 200, body: { id: canceled.id, status: 'canceled' } });
    expect(await sample.acme.post(`/orders/${canceled.id}/ship`)).toMatchObject({ status: 409 });
    expect(await sample.acme.post('/orders/none/ship')).toMatchObject({ status: 404 });
  });

  it.each([
    ['no lines', { reference: 'A-1', lines: [] }],
    ['no reference', { lines: AN_ORDER.lines }],
    ['half an item', { reference: 'A-1', lines: [{ sku: 'SKU-1', quantity: 0.5 }] }],
    ['something unknown', { ...AN_ORDER, status: 'shipped' }],
  ])('refuses an order with %s', async (_, order) => {
    expect(await sample.acme.post('/orders', order)).toMatchObject({ status: 400 });
  });

  it('refuses to empty what must not be empty', async () => {
    const { body } = await sample.acme.post('/orders', AN_ORDER);
    expect(await sample.acme.patch(`/orders/${body.id}`, { reference: null })).toMatchObject({ status: 400 });
    expect(await sample.acme.patch('/stock/SKU-1', { physical: null })).toMatchObject({ status: 400 });
  });
});
