import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type * as Standard from '../../lib/contracts/standard/standard.contract';
import type * as ManagementControllers from '../../lib/http/management-controllers';
import { describeManagement } from './management-host';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type SchemaObject = Exclude<Schemas[string], { $ref: string }>;

const METHODS = ['get', 'post', 'patch', 'delete'] as const;

describe('The OpenAPI document of a host', () => {
  describeManagement(
    (host) => {
      let document: OpenAPIObject;
      beforeAll(() => {
        document = SwaggerModule.createDocument(host().app, new DocumentBuilder().build());
      });

      const operations = () =>
        Object.entries(document.paths).flatMap(([path, item]) =>
          METHODS.flatMap((method) => {
            const operation = item[method];
            return operation ? [{ route: `${method} ${path}`, ...operation }] : [];
          }),
        );
      const operation = (route: string) => operations().find((each) => each.route === route)!;
      const schema = (name: string) => document.components!.schemas![name] as SchemaObject;
      const namesOf = (name: string) => Object.keys(schema(name).properties!);
      const statuses = () =>
        Object.fromEntries(operations().map(({ route, responses }) => [route, Object.keys(responses)]));

      it('has every route with its answers', () => {
        expect(statuses()).toEqual({
          'get /api/hooks/subscriptions': ['200', '400', '403'],
          'post /api/hooks/subscriptions': ['201', '400', '403', '409', '413', '415', '422'],
          'get /api/hooks/subscriptions/{id}': ['200', '403', '404'],
          'patch /api/hooks/subscriptions/{id}': ['200', '400', '403', '404', '413', '415', '422'],
          'delete /api/hooks/subscriptions/{id}': ['204', '403', '404'],
          'post /api/hooks/subscriptions/{id}/rotate-secret': ['200', '400', '403', '404', '413', '415', '422'],
          'post /api/hooks/subscriptions/{id}/resume': ['200', '403', '404'],
          'post /api/hooks/subscriptions/{id}/test': ['200', '400', '403', '404', '413', '415', '422'],
          'get /api/hooks/subscriptions/{id}/replays': ['200', '400', '403', '404'],
          'post /api/hooks/subscriptions/{id}/replays': ['202', '400', '403', '404', '409', '413', '415', '422'],
          'get /api/hooks/subscriptions/{id}/statistics': ['200', '400', '403', '404'],
          'get /api/hooks/statistics': ['200', '400', '403'],
          'get /api/hooks/topics': ['200', '403'],
          'get /api/hooks/topics/{name}': ['200', '403', '404'],
          'get /api/hooks/asyncapi.json': ['200', '403'],
          'get /api/hooks/jwks': ['200', '400', '403'],
          'get /api/hooks/events': ['200', '400', '403'],
          'get /api/hooks/events/{id}': ['200', '403', '404'],
          'get /api/hooks/deliveries': ['200', '400', '403'],
          'get /api/hooks/deliveries/{id}': ['200', '403', '404'],
          'post /api/hooks/deliveries/{id}/resend': ['200', '403', '404', '409'],
          'get /api/hooks/replays/{id}': ['200', '403', '404'],
          'delete /api/hooks/replays/{id}': ['200', '403', '404'],
        });
      });

      it('gives each route a summary, a heading and an id of its own', () => {
        const ids = operations().map(({ operationId }) => operationId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { summary, tags } of operations()) {
          expect(summary).toMatch(/^(List|Create|Get|Change|Delete|Resume|Send|See|Cancel) /);
          expect(tags).toEqual([expect.stringMatching(/^Webhook /)]);
        }
      });

      it('has the query parameters of the lists', () => {
        const named = (route: string) =>
          operation(route).parameters!.map((each) => ('name' in each ? [each.name, each.required] : []));
        expect(named('get /api/hooks/deliveries')).toEqual(
          ['limit', 'cursor', 'tenant', 'subscription', 'event', 'state', 'topic']
            .concat(['lastResult', 'createdFrom', 'createdTo'])
            .map((name) => [name, false]),
        );
        expect(operation('get /api/hooks/deliveries').parameters).toContainEqual(
          expect.objectContaining({
            name: 'limit',
            in: 'query',
            schema: { type: 'integer', minimum: 1, maximum: 250, default: 50 },
          }),
        );
      });

      it('says what a subscription is made of', () => {
        expect(operation('post /api/hooks/subscriptions').requestBody).toMatchObject({
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewWebhookSubscription' } } },
        });
        expect(schema('NewWebhookSubscription').required).toEqual(['url', 'topics']);
        expect(schema('WebhookSubscriptionChange').required).toBeUndefined();
        expect(schema('NewWebhookSubscription').properties!.topics).toMatchObject({
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          maxItems: 100,
        });
      });

      it('shows a secret in the answers to create and to rotate, and in no other', () => {
        const showing = Object.keys(document.components!.schemas!).filter((name) => namesOf(name).includes('secret'));
        const taking = ['NewWebhookSubscription', 'WebhookSubscriptionRotation'];
        expect(showing.sort()).toEqual(['CreatedWebhookSubscription', ...taking]);
        const answers = [
          operation('post /api/hooks/subscriptions').responses['201'],
          operation('post /api/hooks/subscriptions/{id}/rotate-secret').responses['200'],
        ];
        for (const answer of answers) {
          expect(answer).toMatchObject({
            content: { 'application/json': { schema: { $ref: '#/components/schemas/CreatedWebhookSubscription' } } },
          });
        }
      });

      it('describes the answers property by property, as they are', async () => {
        const { id } = await host().subscribe('acme', {}, '/api/hooks');
        host().receiver.answers(200);
        await host().webhooks.publish('order.shipped', { account: 'acme' });
        await host().webhooks.idle();
        const get = async (path: string) => (await host().call('acme', `GET /api/hooks/${path}`)).body;
        const event = (await get('events')).data[0]!;
        const delivery = (await get('deliveries')).data[0]!;
        const { attempts, ...rest } = await get(`deliveries/${delivery.id}`);

        expect(Object.keys(await get(`subscriptions/${id}`)).sort()).toEqual(namesOf('WebhookSubscription').sort());
        expect(Object.keys((await get('topics')).data[0]!)).toEqual(namesOf('WebhookTopic'));
        expect(Object.keys(await get('topics/order.shipped'))).toEqual(namesOf('WebhookTopic'));
        expect(Object.keys(await get('asyncapi.json'))).toEqual(namesOf('WebhookAsyncApi'));
        expect(Object.keys(event)).toEqual(namesOf('WebhookEvent'));
        expect(Object.keys(await get(`events/${event.id}`)).sort()).toEqual(namesOf('WebhookEventWithPayload').sort());
        expect(Object.keys(delivery)).toEqual(namesOf('WebhookDelivery'));
        expect([...Object.keys(rest), 'attempts'].sort()).toEqual(namesOf('WebhookDeliveryWithAttempts').sort());
        expect(Object.keys(attempts[0]!).sort()).toEqual(namesOf('WebhookAttempt').sort());
      });

      it('describes lists in their envelope and problems as RFC 9457 writes them', () => {
        const { responses } = operation('get /api/hooks/events');
        expect(responses['200']).toMatchObject({
          content: {
            'application/json': {
              schema: {
                required: ['data', 'nextCursor'],
                properties: { data: { type: 'array', items: { $ref: '#/components/schemas/WebhookEvent' } } },
              },
            },
          },
        });
        expect(responses['400']).toMatchObject({
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/WebhookProblem' } } },
        });
        expect(schema('WebhookProblem').required).toEqual(['type', 'title', 'status', 'detail']);
      });

      it('refers to nothing that it does not have', () => {
        const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
        for (const [, name] of references) expect(document.components!.schemas).toHaveProperty(name!);
      });
    },
    { structure: { path: 'api/hooks' } },
  );
});

describe('Where @nestjs/swagger is not installed', () => {
  it('the routes are made all the same', () => {
    jest.isolateModules(() => {
      jest.doMock('@nestjs/swagger', () => {
        throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
      });
      const { managementControllers } = jest.requireActual<typeof ManagementControllers>(
        '../../lib/http/management-controllers',
      );
      const { standard } = jest.requireActual<typeof Standard>('../../lib/contracts/standard/standard.contract');
      const access = { guards: [], tenant: undefined, version: undefined };
      expect(managementControllers([{ contract: standard(), access }])).toHaveLength(9);
    });
  });
});
