import { ewarehousing, packcloud, readycloud, standard } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';
import { stripe } from './generality/stripe.contract';

const KEY = { authorization: 'Bearer acme' };
const JSON_TYPE = { ...KEY, 'content-type': 'application/json' };
const FORM_TYPE = { ...KEY, 'content-type': 'application/x-www-form-urlencoded' };
const remote = 'https://example.com/hook';

interface Example {
  readonly list: string;
  readonly wanted: object;
  readonly change: string;
  readonly item: (body: never) => string;
  /** What a refusal in the contract's own words looks like. */
  readonly refusal: (message: string) => object;
}

const EXAMPLES: readonly (readonly [name: string, example: Example])[] = [
  [
    'the standard one',
    {
      list: '/webhooks/subscriptions',
      wanted: { url: remote, topics: ['*'] },
      change: 'PATCH',
      item: ({ id }: { id: string }) => `/webhooks/subscriptions/${id}`,
      refusal: (detail) => ({ type: 'about:blank', status: 400, detail, code: 'WEBHOOKS_MALFORMED_BODY' }),
    },
  ],
  [
    'ReadyCloud',
    {
      list: '/api/v2/orgs/acme/webhooks/',
      wanted: { remote_url: remote },
      change: 'PATCH',
      item: ({ url }: { url: string }) => url,
      refusal: (message) => ({ detail: `JSON parse error - ${message}` }),
    },
  ],
  [
    'eWarehousing Solutions',
    {
      list: '/webhooks/',
      wanted: { url: remote, group: 'stock', action: 'updated', hash_secret: 's' },
      change: 'PUT',
      item: ({ id }: { id: string }) => `/webhooks/${id}/`,
      refusal: (message) => ({ code: 400, message }),
    },
  ],
  [
    'Pack.cloud',
    {
      list: '/v1/organizations/acme/webhooks',
      wanted: { endpoint: remote, event_code: 'order.created', secret: 's' },
      change: 'PUT',
      item: ({ id }: { id: string }) => `/v1/organizations/acme/webhooks/${id}`,
      refusal: (message) => ({ message }),
    },
  ],
];

const contracts = [standard(), readycloud({ updates: true }), ewarehousing(), packcloud(), stripe()];

describe('A body that nobody can have meant', () => {
  describeContracts({ contracts }, (host) => {
    describe.each(EXAMPLES)('at %s', (_, { list, wanted, change, item, refusal }) => {
      const send = (route: string, body: string) => host().send(route, JSON_TYPE, body);
      const made = async () => item((await host().call(`POST ${list}`, wanted)).body as never);
      const routes = async () => [`POST ${list}`, `${change} ${await made()}`];

      it.each([
        ['lists', '['.repeat(20_000) + ']'.repeat(20_000)],
        ['objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
      ])('is refused in its own words when it has %s inside each other without end', async (_kind, deep) => {
        const body = `{"deep":${deep},${JSON.stringify(wanted).slice(1)}`;
        for (const route of await routes()) {
          const answer = await send(route, body);
          const expected = refusal('The body is nested more than 20 levels deep.');
          expect([answer.status, answer.body]).toMatchObject([400, expected]);
        }
      });

      it.each([
        ['nothing', '', ['The body is empty.']],
        ['null', 'null', ['The body is not JSON.']],
        ['a text', '"url"', ['The body is not JSON.']],
        ['a number', '1', ['The body is not JSON.']],
      ])('is refused in its own words, and changes nothing, when it is %s', async (_kind, body, [message]) => {
        for (const route of await routes()) {
          const answer = await send(route, body);
          expect([answer.status, answer.body]).toMatchObject([400, refusal(message!)]);
        }
      });

      it('changes nothing when it is a list', async () => {
        const answer = await send(`${change} ${await made()}`, '[{}]');
        const expected = refusal('The body has no fields where they are looked for.');
        expect([answer.status, answer.body]).toMatchObject([400, expected]);
      });

      it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'])(
        'has no power over the rest when it has a field %s',
        async (name) => {
          const body = `{"${name}":{"isAdmin":true,"enabled":false},${JSON.stringify(wanted).slice(1)}`;
          expect((await send(`POST ${list}`, body)).status).toBeLessThan(500);
          expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
        },
      );
    });

    it.each([100, 20_000])('is refused when it is a form of %d names inside each other', async (depth) => {
      const body = `url=${encodeURIComponent(remote)}&enabled_events[]=*&metadata${'[a]'.repeat(depth)}=1`;
      const answer = await host().send('POST /v1/webhook_endpoints', FORM_TYPE, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(/deep|depth/) as string } });
    });
  });
});
