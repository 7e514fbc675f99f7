import { packcloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const PATH = '/v1/organizations/acme/webhooks';
const WANTED = { event_code: 'order.created', endpoint: 'https://example.com/hook', secret: 'q9NhjkjV9o' };
const JSON_TYPE = 'application/json; charset=utf-8';

describe('What Pack.cloud answers to a request that it cannot do', () => {
  describeContracts({ contracts: [packcloud()] }, (host) => {
    it.each([
      ['no event', { event_code: undefined }, 'event_code', 'The event code field is required.'],
      [
        'the event of the printed example',
        { event_code: 'orders.created' },
        'event_code',
        'The selected event code is invalid.',
      ],
      ['an event that is a number', { event_code: 7 }, 'event_code', 'The event code field must be a string.'],
      ['no endpoint', { endpoint: undefined }, 'endpoint', 'The endpoint field is required.'],
      [
        'an endpoint that is no URL',
        { endpoint: 'example.com' },
        'endpoint',
        'The endpoint field must be a valid URL.',
      ],
      [
        'an endpoint that is broken over two lines',
        { endpoint: 'https://exam\nple.com/' },
        'endpoint',
        'The endpoint field must be a valid URL.',
      ],
      [
        'an endpoint with a space before it',
        { endpoint: ' https://example.com/' },
        'endpoint',
        'The endpoint field must be a valid URL.',
      ],
      [
        'an endpoint in the neighbourhood',
        { endpoint: 'http://10.0.0.1/' },
        'endpoint',
        'The address of this endpoint is not allowed.',
      ],
      ['no secret', { secret: undefined }, 'secret', 'The secret field is required.'],
      ['an enabled that is text', { enabled: 'yes' }, 'enabled', 'The enabled field must be true or false.'],
    ])('is a 422 by field for %s', async (_, wanted, field, message) => {
      const { status, text, headers } = await host().call(`POST ${PATH}`, { ...WANTED, ...wanted });
      expect([status, headers.get('content-type')]).toEqual([422, JSON_TYPE]);
      expect(text).toBe(JSON.stringify({ message, errors: { [field]: [message] } }));
    });

    it('counts the messages when there are several', async () => {
      const { status, body } = await host().call(`POST ${PATH}`, {});
      expect(status).toBe(422);
      expect(body).toEqual({
        message: 'The event code field is required. (and 2 more errors)',
        errors: {
          event_code: ['The event code field is required.'],
          endpoint: ['The endpoint field is required.'],
          secret: ['The secret field is required.'],
        },
      });
    });

    it('takes an endpoint without https, because nobody demands it', async () => {
      expect((await host().call(`POST ${PATH}`, { ...WANTED, endpoint: 'http://example.com/' })).status).toBe(201);
    });

    it('is a 400 for what is not JSON', async () => {
      const type = { authorization: 'Bearer acme', 'content-type': 'application/json' };
      for (const route of [`POST ${PATH}`, `PUT ${PATH}/1`]) {
        const { status, text, headers } = await host().send(route, type, '{"event_code":');
        expect([status, text, headers.get('content-type')]).toEqual([
          400,
          '{"message":"The body is not JSON."}',
          JSON_TYPE,
        ]);
      }
    });

    it('is a 401 for whom nobody knows', async () => {
      for (const route of [`GET ${PATH}`, `POST ${PATH}`, `GET ${PATH}/1`]) {
        const { status, text } = await host().call(route, undefined, null);
        expect([status, text]).toEqual([401, '{"message":"Unauthenticated."}']);
      }
    });

    it('is a 404 in the organization of somebody else, and for what is somebody else’s', async () => {
      const made = (await host().call(`POST ${PATH}`, WANTED)).body as { id: string };
      const routes = [
        `GET ${PATH}`,
        `POST ${PATH}`,
        `GET /v1/organizations/globex/webhooks/${made.id}`,
        `DELETE /v1/organizations/globex/webhooks/${made.id}`,
        'GET /v1/organizations/acme%20/webhooks',
      ];
      for (const route of routes) {
        const { status, text } = await host().call(route, route.startsWith('POST') ? WANTED : undefined, 'globex');
        expect([status, text]).toEqual([404, '{"message":"Not Found"}']);
      }
      expect((await host().call(`GET ${PATH}/${made.id}`)).status).toBe(200);
    });

    it.each(['nothing', '1', '%00', '00000000-0000-0000-0000-000000000000', '6caeff6d-cd72-4fde-9d02-0704514ad917'])(
      'is a 404 for the id %s',
      async (id) => {
        for (const method of ['GET', 'PUT', 'DELETE']) {
          const { status, text } = await host().call(`${method} ${PATH}/${id}`, method === 'PUT' ? {} : undefined);
          expect([status, text]).toEqual([404, '{"message":"Not Found"}']);
        }
      },
    );

    it('is a 405 that says what is allowed, for methods that there are not', async () => {
      const refused = await host().call(`PATCH ${PATH}/1`, {});
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
      const message = 'The PATCH method is not supported for this route. Supported methods: GET, PUT, DELETE.';
      expect(refused.body).toEqual({ message });
      const onList = await host().call(`DELETE ${PATH}`);
      expect([onList.status, onList.headers.get('allow')]).toEqual([405, 'GET, POST']);
    });

    it('is a 422 for a page that there cannot be', async () => {
      const { status, body } = await host().call(`GET ${PATH}?page=0`);
      expect(status).toBe(422);
      expect(body).toEqual({
        message: 'The page field must not be less than 1.',
        errors: { page: ['The page field must not be less than 1.'] },
      });
    });
  });
});
