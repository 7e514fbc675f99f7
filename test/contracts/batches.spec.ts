import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { defineTopic } from 'nestjs-webhooks';
import { batch, defineContract, packcloud, rate, standard } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const OrderCreated = defineTopic('order.created');

const { description: own } = standard();

/** Batches as CloudEvents has them, by other names than the standard contract's. */
const clouds = defineContract({
  ...own,
  name: 'clouds',
  path: 'clouds',
  noun: 'Cloud',
  fields: { ...own.fields, batch: {}, rate: {}, batching: batch(), throttle: rate() },
  delivery: {
    ...own.delivery,
    batch: {
      contentType: () => 'application/cloudevents-batch+json',
      headers: ({ events }) => ({ 'x-count': String(events.length) }),
      body: ({ events }) =>
        events.map(({ id, topic, payload }) => ({ specversion: '1.0', id, source: '/', type: topic, data: payload })),
    },
  },
});

describe('Batches of a contract', () => {
  describeContracts({ contracts: [standard(), clouds, packcloud()], topics: [OrderCreated] }, (host) => {
    const create = (fields: object) =>
      host().call('POST /clouds', { url: host().receiver.url('/hook'), topics: ['order.created'], ...fields });

    it('look as the contract says', async () => {
      const { status, body } = await create({ batching: { maxEvents: 2, maxWaitMs: 0 } });
      expect([status, body]).toMatchObject([201, { batching: { maxEvents: 2, maxWaitMs: 0 }, throttle: null }]);
      const published = ['A', 'B'].map((id) => host().webhooks.publish(OrderCreated, { id }, { tenant: 'acme' }));
      await Promise.all(published);
      await host().webhooks.idle();
      const { headers, body: text } = host().receiver.requests[0]!;
      expect(headers).toMatchObject({ 'content-type': 'application/cloudevents-batch+json', 'x-count': '2' });
      expect(JSON.parse(text)).toMatchObject([
        { type: 'order.created', data: { id: 'A' } },
        { type: 'order.created', data: { id: 'B' } },
      ]);
      await host().subscriptions.remove((body as { id: string }).id);
    });

    it.each([
      ['batching', { maxEvents: 1 }],
      ['batching', 'yes'],
      ['throttle', { perSecond: 0 }],
      ['throttle', { perSecond: 1, burst: 0 }],
    ])('are refused by the name that the contract has for them: %s of %j', async (field, value) => {
      const answer = await create({ [field]: value });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    });

    it('are described in the OpenAPI document', () => {
      const { schemas } = SwaggerModule.createDocument(host().app, new DocumentBuilder().build()).components!;
      const { properties, required } = schemas!.Cloud as { properties: object; required: string[] };
      expect(properties).toMatchObject({
        batching: {
          required: ['maxEvents'],
          properties: { maxEvents: { minimum: 2, maximum: 1_000 } },
          nullable: true,
        },
        throttle: { required: ['perSecond'], properties: { perSecond: { maximum: 1_000 } }, nullable: true },
      });
      expect(required).toEqual(expect.arrayContaining(['batching', 'throttle']));
      const form = schemas!.NewCloud as { required: string[] };
      expect(form.required).toEqual(['url', 'topics']);
    });

    it('are no longer wanted when their field is null, beside which everything stays', async () => {
      const { body } = await create({ batching: { maxEvents: 2 }, throttle: { perSecond: 5 } });
      const { id } = body as { id: string };
      const changed = await host().call(`PATCH /clouds/${id}`, { batching: null });
      expect(changed.body).toMatchObject({ batching: null, throttle: { perSecond: 5 } });
      expect((await host().subscriptions.get(id)).preferences).toEqual({ rate: { perSecond: 5 } });
      await host().subscriptions.remove(id);
    });

    it('are refused where the contract has no form for them', async () => {
      const wanted = { url: 'https://example.com/', topics: ['order.created'], secret: 's', contract: 'packcloud' };
      const preferences = { batch: { maxEvents: 2 } };
      await expect(host().subscriptions.create({ ...wanted, preferences })).rejects.toThrow(
        'batch: its contract has no form for batches',
      );
    });
  });

  it('need a form, where the contract has a field for them', () => {
    const { description } = packcloud();
    const fields = { ...description.fields, batch: batch() };
    expect(() => defineContract({ ...description, fields })).toThrow('expected a form for batches (delivery.batch)');
  });
});
