import { defineTopic } from 'nestjs-webhooks';
import { readycloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const topic = (name: string) => defineTopic(name, undefined, { subject: ({ id }: { id: string }) => id });
const OrderCreated = topic('order.created');
const OrderUpdated = topic('order.updated');
const OrderDeleted = topic('order.deleted');
const CalendarChanged = topic('calendar.changed');

describe('A delivery of ReadyCloud', () => {
  const contract = readycloud({
    organizations: { acme: '1', globex: '2' },
    topics: { webhook: 'calendar.changed' },
    failuresTolerated: 2,
  });
  const topics = [OrderCreated, OrderUpdated, OrderDeleted, CalendarChanged];
  const webhooks = { retry: { schedule: ['1m', '1m', '1m', '1m'] as const, jitter: 0 } };
  describeContracts(
    { contracts: [contract], topics, webhooks },
    (host) => {
      // The API takes https only, and the receiver speaks http: so the host makes it.
      const subscribe = async (path: string, wanted: object = {}) =>
        host().subscriptions.create({
          url: host().receiver.url(path),
          topics: ['order.created', 'order.updated', 'order.deleted'],
          tenant: 'acme',
          contract: 'readycloud',
          ...wanted,
        });
      const publish = async (topic: typeof OrderCreated, id = 'A-1', tenant = 'acme') => {
        await host().webhooks.publish(topic, { id, total: 1.5 } as { id: string }, { tenant });
        await host().webhooks.idle();
      };
      const sent = () => host().receiver.requests.map(({ method, path, body }) => [method, path, body]);

      afterEach(async () => {
        for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
        await host().webhooks.idle();
        host().receiver.clear();
      });

      it('puts the object where it belongs, as a GET would show it, and deletes it', async () => {
        await subscribe('/orders/');
        await publish(OrderCreated);
        await publish(OrderUpdated);
        await publish(OrderDeleted);
        expect(sent()).toEqual([
          ['PUT', '/orders/A-1', '{"id":"A-1","total":1.5}'],
          ['PUT', '/orders/A-1', '{"id":"A-1","total":1.5}'],
          ['DELETE', '/orders/A-1', ''],
        ]);
        const [put, , deletion] = host().receiver.requests;
        expect(put!.headers['content-type']).toBe('application/json');
        expect(deletion!.headers['content-type']).toBeUndefined();
      });

      it.each([
        ['/orders', '/orders/A-1'],
        ['/orders/', '/orders/A-1'],
        ['/', '/A-1'],
        ['/orders?key=1', '/orders/A-1?key=1'],
        ['/orders/?key=1&other=/', '/orders/A-1?key=1&other=/'],
      ])('to %s goes to %s', async (path, expected) => {
        await subscribe(path);
        await publish(OrderCreated);
        expect(sent()[0]![1]).toBe(expected);
      });

      it('encodes the id', async () => {
        await subscribe('/orders/');
        await publish(OrderCreated, 'A/1 ä?');
        expect(sent()[0]![1]).toBe('/orders/A%2F1%20%C3%A4%3F');
      });

      it('carries the token of the webhook in both headers that the documentation can mean', async () => {
        const { secrets } = await subscribe('/orders/');
        await publish(OrderCreated);
        const { headers } = host().receiver.requests[0]!;
        expect(secrets.current()).toMatch(/^[0-9a-f]{30}$/);
        expect([headers.http_auth, headers.auth]).toEqual([secrets.current(), secrets.current()]);
      });

      it.each(['..', '.', ''])('fails without a request when the object is %j, which is nowhere', async (id) => {
        await subscribe('/orders/');
        await publish(OrderDeleted, id);
        const [delivery] = (await host().deliveries.list({ topic: 'order.deleted', limit: 1 })).data;
        const [attempt] = await host().deliveries.attemptsOf(delivery!.id);
        expect(attempt).toMatchObject({ failure: 'invalid_request', succeeded: false });
        expect(host().receiver).toHaveBeenTried(0);
      });

      it('of the entity webhook reaches every organisation that asks', async () => {
        const path = '/api/v2/orgs/2/webhooks/';
        const wanted = { entity: 'webhook', remote_url: 'https://example.com/calendar' };
        const made = await host().call(`POST ${path}`, wanted, 'globex');
        expect(made.body).toMatchObject({ entity: 'webhook' });
        const [subscription] = (await host().subscriptions.list()).data;
        expect(subscription).toMatchObject({ acrossTenants: true, tenant: 'globex', topics: ['calendar.changed'] });
        await host().subscriptions.update(subscription!.id, { url: host().receiver.url('/calendar/') });
        await publish(CalendarChanged, 'c-1', 'acme');
        expect(sent()).toEqual([['PUT', '/calendar/c-1', '{"id":"c-1","total":1.5}']]);
      });

      it('suspends the webhook after repeated failure; then it gets nothing until the host resumes it', async () => {
        host().receiver.answers(500).then(500).then(500).then(204);
        const { id, number } = await subscribe('/orders/');
        await publish(OrderCreated);
        await host().clock.advance('1m');
        const shown = async () => (await host().call(`GET /api/v2/orgs/1/webhooks/${number}/`)).body;
        expect(await shown()).toMatchObject({ suspended_at: null });
        await host().clock.advance('1m');
        expect(await shown()).toMatchObject({ suspended_at: expect.stringMatching(/^2025-01-01T/) as string });
        expect((await host().subscriptions.get(id)).suspendedReason).toBe('3 failures in a row');
        await publish(OrderUpdated);
        await host().clock.advance('1d');
        expect(host().receiver).toHaveBeenTried(3);
        await host().subscriptions.resume(id);
        await host().webhooks.idle();
        expect(host().receiver).toHaveBeenTried(4);
        expect(await shown()).toMatchObject({ suspended_at: null });
      });

      it('begins to count failures anew after each success', async () => {
        host().receiver.answers(500).then(500).then(204).then(500).then(500).then(204);
        const { id } = await subscribe('/orders/');
        for (const order of ['A-1', 'A-2']) {
          await publish(OrderCreated, order);
          await host().clock.advance('2m');
        }
        expect(host().receiver).toHaveBeenTried(6);
        expect((await host().subscriptions.get(id)).suspendedAt).toBeNull();
      });
    },
    ['sqlite', 'postgres', 'mysql'],
  );
});
