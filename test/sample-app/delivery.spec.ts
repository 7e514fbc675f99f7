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

  it('delivers order.created to the receiver, which verifies the signature', async () => {
    await sample.subscribe(sample.acme, 'created', ['order.created']);
    const { body: order } = await sample.acme.post('/orders', AN_ORDER);
    const [received] = await sample.received('created', 1);
    expect(received).toMatchObject({
      verified: true,
      status: 204,
      body: { type: 'order.created', data: { id: order.id, status: 'open', createdAt: order.createdAt, ...AN_ORDER } },
    });
  });

  it('delivers what happens to an order, what the host emits included', async () => {
    await sample.subscribe(sample.acme, 'life', ['order.*']);
    const shipped = await sample.acme.post('/orders', AN_ORDER);
    const canceled = await sample.acme.post('/orders', AN_ORDER);
    await sample.acme.patch(`/orders/${shipped.body.id}`, { reference: 'A-1002' });
    await sample.acme.post(`/orders/${shipped.body.id}/ship`);
    await sample.acme.post(`/orders/${canceled.body.id}/cancel`);
    await sample.acme.delete(`/orders/${canceled.body.id}`);
    const received = await sample.received('life', 8);
    const happened = received.map(({ body }) => body as { type: string; data: { id: string } });
    const topicsOf = (id: string) => happened.filter(({ data }) => data.id === id).map(({ type }) => type);
    const life = ['order.created', 'order.updated', 'order.updated', 'order.shipped'];
    expect(topicsOf(shipped.body.id).sort()).toEqual(life.sort());
    const end = ['order.created', 'order.updated', 'order.canceled', 'order.deleted'];
    expect(topicsOf(canceled.body.id).sort()).toEqual(end.sort());
    expect(received.every(({ verified }) => verified)).toBe(true);
  });

  it('delivers contacts and stock levels', async () => {
    await sample.subscribe(sample.acme, 'others', ['contact.*', 'stock.*']);
    const { body: contact } = await sample.acme.post('/contacts', { name: 'Ada', email: 'ada@example.com' });
    await sample.acme.patch('/stock/SKU-7', { physical: 1000, salable: 973 });
    await sample.acme.patch('/stock/SKU-7', { salable: 970 });
    const received = await sample.received('others', 3);
    const bodies = received.map(({ body }) => body as { type: string }).sort((a, b) => (a.type < b.type ? -1 : 1));
    expect(bodies).toMatchObject([
      { type: 'contact.created', data: { id: contact.id, name: 'Ada', email: 'ada@example.com' } },
      { type: 'stock.created', data: { sku: 'SKU-7', physical: 1000, salable: 973 } },
      { type: 'stock.updated', data: { sku: 'SKU-7', physical: 1000, salable: 970 } },
    ]);
  });

  it('tries again while the receiver fails, and shows every attempt', async () => {
    await sample.stranger.put('/receiver/failing/behaviour', { failNext: 2, status: 503 });
    const { id } = await sample.subscribe(sample.acme, 'failing', ['order.created']);
    await sample.acme.post('/orders', AN_ORDER);
    const received = await sample.received('failing', 3);
    expect(received.map(({ status }) => status)).toEqual([503, 503, 204]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const delivery = await sample.eventually(async () => {
      const { body: page } = await sample.acme.get(`/api/webhooks/deliveries?subscription=${id}&state=delivered`);
      const [delivered] = page.data;
      return delivered && (await sample.acme.get(`/api/webhooks/deliveries/${delivered.id}`)).body;
    });
    expect(delivery).toMatchObject({ topic: 'order.created', attemptCount: 3, nextAttemptAt: null });
    expect(delivery.attempts).toMatchObject([{ status: 503 }, { status: 503 }, { status: 204, succeeded: true }]);
  });

  it('loses nothing when many orders come at once', async () => {
    await sample.subscribe(sample.globex, 'many', ['order.created']);
    const answers = await Promise.all(Array.from({ length: 40 }, () => sample.globex.post('/orders', AN_ORDER)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const received = await sample.received('many', 40);
    const delivered = received.map(({ body }) => (body as { data: { id: string } }).data.id);
    expect(delivered.sort()).toEqual(answers.map(({ body }) => body.id).sort());
  });
});
