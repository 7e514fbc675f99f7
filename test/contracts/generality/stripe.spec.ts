import { createHmac } from 'node:crypto';
import { defineTopic } from 'nestjs-webhooks';
import { describeContracts } from '../contracts-host';
import { stripe } from './stripe.contract';

const Charged = defineTopic('payment.received');
const PATH = '/v1/webhook_endpoints';

describe('A contract like that of Stripe', () => {
  describeContracts({ contracts: [stripe({ 'charge.succeeded': 'payment.received' })], topics: [Charged] }, (host) => {
    const send = (route: string, form?: string) =>
      host().send(route, { authorization: 'Bearer acme', 'content-type': 'application/x-www-form-urlencoded' }, form);
    const create = (form = 'enabled_events[]=charge.succeeded&enabled_events[]=charge.failed') =>
      send(`POST ${PATH}`, `url=${encodeURIComponent(host().receiver.url('/s'))}&${form}`);

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      host().receiver.clear();
    });

    it.each([
      ['brackets', 'enabled_events[]=charge.succeeded&enabled_events[]=charge.failed'],
      ['numbers', 'enabled_events[0]=charge.succeeded&enabled_events[1]=charge.failed'],
    ])('takes forms with %s, answers 200, epoch seconds and the secret once', async (_, events) => {
      const { status, body } = await create(`${events}&metadata[team]=ours&metadata[floor]=2&description=Mine`);
      const { id, secret, ...rest } = body as { id: string; secret: string };
      expect(status).toBe(200);
      expect(id).toMatch(/^we_[0-9a-f]{32}$/);
      expect(secret).toMatch(/^whsec_[0-9a-f]{32}$/);
      expect(rest).toEqual({
        object: 'webhook_endpoint',
        created: 1735689600,
        description: 'Mine',
        enabled_events: ['charge.succeeded', 'charge.failed'],
        livemode: false,
        metadata: { team: 'ours', floor: '2' },
        status: 'enabled',
        url: host().receiver.url('/s'),
      });
      expect((await send(`GET ${PATH}/${id}`)).body).toEqual({ id, ...rest });
    });

    it('changes by POST, and answers what was deleted', async () => {
      const { id } = (await create()).body as { id: string };
      const changed = await send(`POST ${PATH}/${id}`, 'disabled=true&enabled_events[]=*');
      expect(changed.body).toMatchObject({ status: 'disabled', enabled_events: ['*'] });
      const deleted = await send(`DELETE ${PATH}/${id}`);
      expect([deleted.status, deleted.body]).toEqual([200, { id, object: 'webhook_endpoint', deleted: true }]);
    });

    it('pages by the id that was seen last, newest first', async () => {
      const made: string[] = [];
      for (let count = 0; count < 3; count++) made.unshift(((await create()).body as { id: string }).id);
      const page = async (query: string) => (await send(`GET ${PATH}?${query}`)).body;
      const idsOf = (body: unknown) => (body as { data: { id: string }[] }).data.map(({ id }) => id);
      const first = await page('limit=2');
      expect(first).toMatchObject({ object: 'list', url: PATH, has_more: true });
      expect(idsOf(first)).toEqual(made.slice(0, 2));
      const second = await page(`limit=2&starting_after=${made[1]!}`);
      expect([second, idsOf(second)]).toMatchObject([{ has_more: false }, made.slice(2)]);
      expect(await page('starting_after=nothing')).toMatchObject({ error: { param: 'starting_after' } });
    });

    it('signs the time and the body, and calls a topic what the contract calls it, for a wildcard too', async () => {
      const { secret } = (await create('enabled_events[]=*')).body as { secret: string };
      await host().webhooks.publish(Charged, { amount: 100 }, { tenant: 'acme' });
      await host().webhooks.idle();
      const { body, headers } = host().receiver.requests[0]!;
      expect(JSON.parse(body)).toMatchObject({
        type: 'charge.succeeded',
        object: 'event',
        data: { object: { amount: 100 } },
      });
      const signature = createHmac('sha256', secret).update(`1735689600.${body}`).digest('hex');
      expect(headers['stripe-signature']).toBe(`t=1735689600,v1=${signature}`);
    });

    it('refuses JSON and events that there are not', async () => {
      expect((await host().call(`POST ${PATH}`, {})).status).toBe(415);
      const { status, body } = await create('enabled_events[]=charge.invented');
      expect([status, body]).toMatchObject([
        400,
        { error: { type: 'invalid_request_error', param: 'enabled_events' } },
      ]);
    });
  });
});
