import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { asyncApiErrors, schemaErrors, validateOpenApi } from '../support/public-validators';
import { AN_ORDER, Sample } from './sample';

const TOPICS = ['contact.created', 'contact.deleted', 'contact.updated'].concat(
  ['order.canceled', 'order.created', 'order.deleted', 'order.shipped', 'order.updated'],
  ['stock.created', 'stock.updated'],
);

interface Delivered {
  readonly type: string;
  readonly data: { readonly id: string };
}

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

  const openapi = async () =>
    (await sample.stranger.get<{ openapi: string; webhooks: object; components: object }>('/docs-json')).body;
  const asyncapi = async () =>
    (await sample.acme.get<{ channels: object; components: object }>('/api/webhooks/asyncapi.json')).body;

  it('has an OpenAPI 3.1 document that is valid, with every topic among its webhooks', async () => {
    const document = await openapi();
    expect(await validateOpenApi(document)).toEqual({ valid: true, version: '3.1' });
    expect(Object.keys(document.webhooks)).toEqual(TOPICS);
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('has an AsyncAPI 3 document that is valid, with a channel of every topic', async () => {
    const document = await asyncapi();
    expect(asyncApiErrors(document)).toEqual([]);
    expect(asyncApiErrors({ ...document, info: {} })).not.toEqual([]);
    expect(Object.keys(document.channels)).toEqual(TOPICS);
  });

  it('shows neither of what is sent to those without a key', async () => {
    expect((await sample.stranger.get('/api/webhooks/asyncapi.json')).status).toBe(401);
    expect((await sample.stranger.get('/api/webhooks/topics/order.shipped')).status).toBe(401);
  });

  it('delivers every event as both documents say', async () => {
    await sample.subscribe(sample.acme, 'catalogue');
    const { body: shipped } = await sample.acme.post('/orders', AN_ORDER);
    const { body: canceled } = await sample.acme.post('/orders', AN_ORDER);
    await sample.acme.post(`/orders/${shipped.id}/ship`);
    await sample.acme.post(`/orders/${canceled.id}/cancel`);
    await sample.acme.delete(`/orders/${canceled.id}`);
    const { body: contact } = await sample.acme.post('/contacts', { name: 'Ada', email: 'ada@example.com' });
    await sample.acme.patch(`/contacts/${contact.id}`, { name: 'Ada L.' });
    await sample.acme.delete(`/contacts/${contact.id}`);
    await sample.acme.patch('/stock/SKU-9', { physical: 3, salable: 2 });
    await sample.acme.patch('/stock/SKU-9', { salable: 1 });
    const received = (await sample.received('catalogue', 12)).map(({ body }) => body as Delivered);
    expect([...new Set(received.map(({ type }) => type))].sort()).toEqual(TOPICS);
    const [events, operations] = [await asyncapi(), await openapi()];
    for (const event of received) {
      const message = `#/components/messages/${event.type}/payload`;
      const content = `#/webhooks/${event.type}/post/requestBody/content/application~1json/schema`;
      expect(schemaErrors(events, message, event)).toEqual([]);
      expect(schemaErrors(operations, content, event)).toEqual([]);
      const spoilt = { ...event, data: { ...event.data, id: 7 } };
      expect(schemaErrors(events, message, spoilt)).not.toEqual([]);
      expect(schemaErrors(operations, content, spoilt)).not.toEqual([]);
    }
  });

  it('gives examples that are as the documents say', async () => {
    const document = await asyncapi();
    const { messages } = document.components as { messages: Record<string, { examples?: [{ payload: Delivered }] }> };
    const examples = Object.values(messages).flatMap(({ examples: given = [] }) => given);
    expect(examples.length).toBeGreaterThanOrEqual(7);
    for (const { payload } of examples) {
      expect(schemaErrors(document, `#/components/messages/${payload.type}/payload`, payload)).toEqual([]);
    }
  });
});
