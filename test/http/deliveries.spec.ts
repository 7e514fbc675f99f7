import { describeManagementOn, type Body } from './management-host';

const A_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

describe('What happened, over the management API', () => {
  describeManagementOn(
    'sqlite',
    'postgres',
  )((host) => {
    const get = async (path: string) => (await host().call('operator', `GET /webhooks/${path}`)).body;

    const shipped = { account: 'acme', reference: 'A-1001', lines: [{ sku: 'SKU-1', quantity: 2 }] };
    let subscription: Body;
    let event: { id: string };

    beforeAll(async () => {
      subscription = await host().subscribe('acme', { topics: ['order.shipped'] });
      host().receiver.answers(503, {}, { body: 'busy' });
      event = await host().webhooks.publish('order.shipped', shipped);
      await host().webhooks.publish('order.created', {});
      await host().webhooks.idle();
    });

    it('lists the topics by name in the envelope of all lists', async () => {
      const facts = { group: null, version: 1, deprecated: false, deprecation: null, schema: null, example: {} };
      expect(await get('topics')).toEqual({
        data: [
          { ...facts, name: 'order.created', description: 'An order was placed.' },
          { ...facts, name: 'order.shipped', description: null },
        ],
        nextCursor: null,
      });
    });

    it('lists events without their payloads, newest first', async () => {
      const { data, nextCursor } = await get('events');
      expect(nextCursor).toBeNull();
      expect(data.map(({ topic }) => topic)).toEqual(['order.created', 'order.shipped']);
      expect(data[1]).toEqual({
        id: event.id,
        topic: 'order.shipped',
        tenant: 'acme',
        subject: null,
        createdAt: A_TIME,
      });
    });

    it('lists the events of one topic', async () => {
      const { data } = await get('events?topic=order.shipped');
      expect(data.map(({ id }) => id)).toEqual([event.id]);
    });

    it('lists events of a time, and of a thing', async () => {
      const { createdAt } = (await get('events')).data[1]!;
      const before = new Date(Date.parse(createdAt) - 1_000).toISOString();
      expect((await get(`events?createdFrom=${createdAt}`)).data).toHaveLength(2);
      expect((await get(`events?createdFrom=${createdAt}&topic=order.shipped`)).data).toHaveLength(1);
      expect((await get(`events?createdTo=${before}`)).data).toEqual([]);
      expect((await get('events?subject=A-1001')).data).toEqual([]);
    });

    it('shows an event with its payload', async () => {
      expect(await get(`events/${event.id}`)).toMatchObject({ id: event.id, payload: shipped });
    });

    it('lists deliveries, by any of their properties', async () => {
      const all = await get('deliveries');
      expect(all.data).toEqual([
        {
          id: expect.stringMatching(/^dlv_[0-9a-f]{32}$/) as string,
          eventId: event.id,
          subscriptionId: subscription.id,
          topic: 'order.shipped',
          tenant: 'acme',
          state: 'pending',
          attemptCount: 1,
          nextAttemptAt: A_TIME,
          createdAt: A_TIME,
          finishedAt: null,
          lastResult: '503',
        },
      ]);
      const { createdAt } = all.data[0]!;
      const filters = [
        'state=pending',
        'topic=order.shipped',
        'lastResult=503',
        `createdFrom=${createdAt}`,
        `subscription=${subscription.id}`,
        `event=${event.id}`,
      ];
      for (const filter of [...filters, filters.join('&')]) expect(await get(`deliveries?${filter}`)).toEqual(all);
      const later = new Date(Date.parse(createdAt) + 1_000).toISOString();
      for (const filter of [
        'state=delivered',
        'state=failed',
        'topic=order.created',
        'lastResult=500',
        `createdFrom=${later}`,
        `event=evt_${'0'.repeat(32)}`,
      ])
        expect((await get(`deliveries?${filter}`)).data).toEqual([]);
    });

    it('shows a delivery with its attempts', async () => {
      const listed = (await get('deliveries')).data[0]!;
      expect(await get(`deliveries/${listed.id}`)).toEqual({
        ...listed,
        attempts: [
          {
            number: 1,
            startedAt: A_TIME,
            durationMs: expect.any(Number) as number,
            succeeded: false,
            status: 503,
            failure: null,
            detail: null,
            responseBody: 'busy',
          },
        ],
      });
    });

    it.each(['events', 'deliveries', 'subscriptions'])('answers 404 for %s that there are not', async (resource) => {
      const singular = { events: 'EVENT', deliveries: 'DELIVERY', subscriptions: 'SUBSCRIPTION' }[resource];
      const answer = await host().call('operator', `GET /webhooks/${resource}/nothing`);
      expect(answer).toMatchObject({ status: 404, body: { code: `WEBHOOKS_${singular}_NOT_FOUND` } });
      expect((await host().call('operator', `GET /webhooks/${resource}/%00`)).status).toBe(404);
    });
  });
});
