import { describeManagement, idsOf } from './management-host';

describe('A tenant', () => {
  describeManagement(
    (host) => {
      const get = (caller: string, path: string) => host().call(caller, `GET /webhooks/${path}`);
      const create = (caller: string, wanted: object) =>
        host().call(caller, 'POST /webhooks/subscriptions', {
          url: 'https://example.com/hook',
          topics: ['order.created'],
          ...wanted,
        });

      const RESOURCES = ['subscriptions', 'events', 'deliveries'] as const;
      const own: Record<(typeof RESOURCES)[number], string> = { subscriptions: '', events: '', deliveries: '' };

      beforeAll(async () => {
        host().receiver.answers(200);
        own.subscriptions = (await host().subscribe('acme')).id;
        own.events = (await host().webhooks.publish('order.shipped', { account: 'acme' })).id;
        await host().webhooks.idle();
        own.deliveries = idsOf((await get('acme', 'deliveries')).body)[0]!;
      });

      describe.each(RESOURCES)('with %s', (resource) => {
        it('sees its own', async () => {
          expect(idsOf((await get('acme', resource)).body)).toEqual([own[resource]]);
          expect(await get('acme', `${resource}/${own[resource]}`)).toMatchObject({
            status: 200,
            body: { id: own[resource], tenant: 'acme' },
          });
        });

        it.each(['globex', 'acme in capitals'])('shows none of them to %s', async (stranger) => {
          expect(idsOf((await get(stranger, resource)).body)).toEqual([]);
        });

        it.each(['globex', 'acme in capitals'])('answers %s exactly as if there were none', async (stranger) => {
          const missing = own[resource].replace(/.{8}$/, '00000000');
          const [foreign, none] = await Promise.all(
            [own[resource], missing].map((id) => get(stranger, `${resource}/${id}`)),
          );
          expect(foreign!.status).toBe(404);
          expect(JSON.stringify(foreign!.body).replaceAll(own[resource], missing)).toBe(JSON.stringify(none!.body));
        });

        it('shows them to the operator, who may look at one tenant at a time', async () => {
          expect(idsOf((await get('operator', resource)).body)).toContain(own[resource]);
          expect(idsOf((await get('operator', `${resource}?tenant=acme`)).body)).toEqual([own[resource]]);
          expect(idsOf((await get('operator', `${resource}?tenant=globex`)).body)).toEqual([]);
          expect((await get('operator', `${resource}/${own[resource]}`)).status).toBe(200);
        });

        it('may filter by itself and by nobody else', async () => {
          expect(idsOf((await get('acme', `${resource}?tenant=acme`)).body)).toEqual([own[resource]]);
          const refused = await get('globex', `${resource}?tenant=acme`);
          expect(refused).toMatchObject({ status: 403, body: { code: 'WEBHOOKS_FOREIGN_TENANT' } });
        });
      });

      it.each([
        ['PATCH', '', { enabled: false }],
        ['DELETE', '', undefined],
        ['POST', '/resume', undefined],
      ])('cannot %s another tenant’s subscription%s', async (method, suffix, body) => {
        const route = `/webhooks/subscriptions/${own.subscriptions}`;
        const before = await host().call('acme', `GET ${route}`);
        const answer = await host().call('globex', `${method} ${route}${suffix}`, body);
        expect(answer).toMatchObject({ status: 404, body: { code: 'WEBHOOKS_SUBSCRIPTION_NOT_FOUND' } });
        expect((await host().call('acme', `GET ${route}`)).body).toEqual(before.body);
      });

      it('finds no deliveries by the ids of another tenant', async () => {
        const query = `subscription=${own.subscriptions}&event=${own.events}`;
        expect(idsOf((await get('globex', `deliveries?${query}`)).body)).toEqual([]);
        expect(idsOf((await get('globex', `deliveries?cursor=${own.deliveries}`)).body)).toEqual([]);
      });

      it('owns what it creates, and may say so', async () => {
        expect((await create('globex', {})).body.tenant).toBe('globex');
        expect((await create('globex', { tenant: 'globex' })).body.tenant).toBe('globex');
      });

      it.each(['acme', null])('cannot create for %s', async (tenant) => {
        const before = idsOf((await get('operator', 'subscriptions')).body);
        const refused = await create('globex', { tenant });
        expect(refused).toMatchObject({ status: 403, body: { code: 'WEBHOOKS_FOREIGN_TENANT' } });
        expect(idsOf((await get('operator', 'subscriptions')).body)).toEqual(before);
      });

      it('sees nothing that is platform-wide', async () => {
        const { body } = await create('operator', {});
        const event = await host().webhooks.publish('order.created', {});
        expect(body.tenant).toBeNull();
        expect((await get('acme', `subscriptions/${body.id}`)).status).toBe(404);
        expect((await get('acme', `events/${event.id}`)).status).toBe(404);
        expect((await get('operator', `events/${event.id}`)).status).toBe(200);
      });

      it('gets subscriptions from the operator, who may name it', async () => {
        const { body } = await create('operator', { tenant: 'initech' });
        expect(body.tenant).toBe('initech');
        expect(idsOf((await get('operator', 'subscriptions?tenant=initech')).body)).toEqual([body.id]);
      });

      it.each(['undefined', 'number', 'empty', 'acme and a space'])(
        'is never guessed where the host’s option gives %s',
        async (caller) => {
          const routes = [
            ...RESOURCES.flatMap((resource) => [
              `GET /webhooks/${resource}`,
              `GET /webhooks/${resource}/${own[resource]}`,
            ]),
            'GET /webhooks/topics',
            'GET /webhooks/topics/order.created',
            'GET /webhooks/asyncapi.json',
            'POST /webhooks/subscriptions',
            ...['PATCH', 'DELETE'].map((method) => `${method} /webhooks/subscriptions/${own.subscriptions}`),
            `POST /webhooks/subscriptions/${own.subscriptions}/resume`,
          ];
          for (const route of routes) {
            const { status, body } = await host().call(caller, route, route.startsWith('GET') ? undefined : {});
            expect({ route, status, code: body.code }).toEqual({ route, status: 403, code: 'WEBHOOKS_UNKNOWN_TENANT' });
            expect(body.detail).toContain('the "tenant" option of WebhooksModule');
          }
        },
      );
    },
    { databases: ['sqlite', 'postgres', 'mysql'] },
  );
});

describe('A host without tenants', () => {
  describeManagement(
    (host) => {
      it('treats whoever passes its guards as the operator', async () => {
        const { id, tenant } = await host().subscribe('undefined');
        expect(tenant).toBeNull();
        expect((await host().call('acme', `GET /webhooks/subscriptions/${id}`)).status).toBe(200);
      });
    },
    { structure: { tenant: undefined } },
  );
});
