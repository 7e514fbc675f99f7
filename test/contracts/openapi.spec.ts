import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ewarehousing, packcloud, readycloud, standard } from 'nestjs-webhooks/contracts';
import { checkerOf } from '../support/documented-answers';
import { describeContracts, type Answer, type ContractsHost } from './contracts-host';
import { bigcommerce } from './generality/bigcommerce.contract';
import { github } from './generality/github.contract';
import { shopify } from './generality/shopify.contract';
import { stripe } from './generality/stripe.contract';

interface Example {
  readonly path: string;
  /** The path of one, with `{id}` where its id is. */
  readonly item: string;
  readonly id: (body: never) => string | number;
  readonly wanted: object;
  readonly wrong: object;
  readonly update: string;
  readonly form?: boolean;
}

const remote = 'https://example.com/hook';
const orderCreated = { group: 'order', action: 'created' };
const byId = ({ id }: { id: string }) => id;

const EXAMPLES: Readonly<Record<string, Example>> = {
  standard: {
    path: '/webhooks/subscriptions',
    item: '/webhooks/subscriptions/{id}',
    id: byId,
    wanted: { url: remote, topics: ['*'], description: 'Ours' },
    wrong: { url: 1 },
    update: 'PATCH',
  },
  packcloud: {
    path: '/v1/organizations/acme/webhooks',
    item: '/v1/organizations/acme/webhooks/{id}',
    id: byId,
    wanted: { endpoint: remote, event_code: 'order.created', secret: 's' },
    wrong: { endpoint: 'nowhere' },
    update: 'PUT',
  },
  ewarehousing: {
    path: '/webhooks/',
    item: '/webhooks/{id}/',
    id: byId,
    wanted: { url: remote, ...orderCreated, hash_secret: 's' },
    wrong: { url: 'nowhere' },
    update: 'PATCH',
  },
  readycloud: {
    path: '/api/v2/orgs/acme/webhooks/',
    item: '/api/v2/orgs/acme/webhooks/{id}/',
    id: ({ url }: { url: string }) => url.split('/').at(-2)!,
    wanted: { remote_url: remote, entity: 'contact' },
    wrong: { entity: 'nothing' },
    update: 'PATCH',
  },
  github: {
    path: '/repos/octo/hello/hooks',
    item: '/repos/octo/hello/hooks/{id}',
    id: ({ id }: { id: number }) => id,
    wanted: { config: { url: 'http://127.0.0.1:9/' } },
    wrong: { config: {} },
    update: 'PATCH',
  },
  shopify: {
    path: '/admin/api/2024-01/webhooks.json',
    item: '/admin/api/2024-01/webhooks/{id}.json',
    id: ({ webhook }: { webhook: { id: number } }) => webhook.id,
    wanted: { webhook: { address: remote, topic: 'orders/create' } },
    wrong: { webhook: { topic: 1 } },
    update: 'PUT',
  },
  bigcommerce: {
    path: '/stores/acme/v3/hooks',
    item: '/stores/acme/v3/hooks/{id}',
    id: ({ data }: { data: { id: number } }) => data.id,
    wanted: { destination: remote, scope: 'store/order/created' },
    wrong: { scope: 'store/nothing' },
    update: 'PUT',
  },
  stripe: {
    path: '/v1/webhook_endpoints',
    item: '/v1/webhook_endpoints/{id}',
    id: byId,
    wanted: { url: remote, 'enabled_events[]': '*' },
    wrong: { url: '' },
    update: 'POST',
    form: true,
  },
};

const contracts = [
  ...[standard(), packcloud(), ewarehousing(), readycloud({ updates: true })],
  ...[github(), shopify('the secret'), bigcommerce(), stripe()],
];

describe('The OpenAPI document of contracts', () => {
  describeContracts({ contracts }, (host) => {
    let document: OpenAPIObject;
    let check: ReturnType<typeof checkerOf>;
    beforeAll(() => {
      document = SwaggerModule.createDocument(host().app, new DocumentBuilder().build());
      check = checkerOf(document);
    });

    it('describes every route once, in the documented form, and none that only refuses', () => {
      const operations = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item as Record<string, { operationId: string }>).map(([method, { operationId }]) => ({
          route: `${method} ${path}`,
          operationId,
        })),
      );
      const ids = operations.map(({ operationId }) => operationId);
      expect(new Set(ids).size).toBe(ids.length);
      const operating = 16;
      expect(ids).toHaveLength(contracts.flatMap(({ routes }) => routes).length + operating);
      const routesOf = (noun: string) =>
        operations.filter(({ operationId }) => operationId.includes(noun)).map(({ route }) => route);
      expect(routesOf('Ewarehousing')).toEqual([
        'get /webhooks/',
        'post /webhooks/',
        'get /webhooks/{id}/',
        'patch /webhooks/{id}/',
        'put /webhooks/{id}/',
        'delete /webhooks/{id}/',
      ]);
    });

    describe.each(Object.entries(EXAMPLES))('of %s', (_, example) => {
      const send = (route: string, body?: object) => ask(host(), route, body, example.form);

      it('is what its answers are', async () => {
        const made = await send(`POST ${example.path}`, example.wanted);
        check(`POST ${example.path}`, made);
        const item = example.item.replace('{id}', String(example.id(made.body as never)));
        check(`GET ${example.path}`, await send(`GET ${example.path}`));
        check(`GET ${item}`, await send(`GET ${item}`));
        check(`${example.update} ${item}`, await send(`${example.update} ${item}`, example.wanted));
        check(`DELETE ${item}`, await send(`DELETE ${item}`));
      });

      it('is what its errors are', async () => {
        const missing = example.item.replace('{id}', '404');
        check(`POST ${example.path}`, await send(`POST ${example.path}`, example.wrong));
        check(`GET ${missing}`, await send(`GET ${missing}`));
        const key = { authorization: 'Bearer operator' };
        for (const route of [`POST ${example.path}`, `${example.update} ${missing}`]) {
          for (const type of ['text/plain', 'application/json'])
            check(route, await host().send(route, { ...key, 'content-type': type }, '{'));
        }
      });
    });

    it('names the values, defaults and limits of the fields', () => {
      const schemas = document.components!.schemas as Record<
        string,
        { properties: Record<string, object>; required?: string[] }
      >;
      expect(schemas.NewPackcloudWebhook!.required).toEqual(['event_code', 'endpoint', 'secret']);
      expect(schemas.NewPackcloudWebhook!.properties).toMatchObject({
        event_code: { type: 'string', enum: ['order.canceled', 'order.created', 'order.shipped'] },
        endpoint: { type: 'string', format: 'uri', maxLength: 2048 },
        enabled: { type: 'boolean', default: true },
      });
      expect(schemas.NewReadycloudWebhook!.required).toEqual(['remote_url']);
      expect(schemas.NewReadycloudWebhook!.properties).toMatchObject({ entity: { default: 'orders' } });
      expect(Object.keys(schemas.EwarehousingWebhook!.properties)).toEqual([
        'id',
        'url',
        'group',
        'action',
        'customer',
      ]);
      expect(Object.keys(schemas.CreatedEwarehousingWebhook!.properties)).toContain('hash_secret');
      expect(schemas.EwarehousingWebhookChange!.required).toBeUndefined();
    });

    it('names what may be asked of the lists', () => {
      const named = (path: string) =>
        document.paths[path]!.get!.parameters!.map((each) => ('name' in each ? each.name : ''));
      expect(named('/webhooks/')).toEqual(['limit', 'page', 'direction', 'sort', 'from', 'to']);
      expect(named('/api/v2/orgs/{org_pk}/webhooks/')).toEqual(['org_pk', 'limit', 'offset']);
      expect(named('/v1/organizations/{organizationId}/webhooks')).toEqual(['organizationId', 'page']);
    });
  });
});

function ask(host: ContractsHost, route: string, body: object | undefined, form = false): Promise<Answer> {
  if (!form || !body) return host.call(route, body, 'operator');
  const headers = { authorization: 'Bearer operator', 'content-type': 'application/x-www-form-urlencoded' };
  return host.send(route, headers, new URLSearchParams(body as Record<string, string>).toString());
}
