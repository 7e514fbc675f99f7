import { ewarehousing } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const WANTED = { url: 'https://example.com/hook', group: 'stock', action: 'updated', hash_secret: 'ABC12345' };
const CHOICE = 'The value you selected is not a valid choice.';

describe('What eWarehousing Solutions answers to a request that it cannot do', () => {
  describeContracts({ contracts: [ewarehousing()] }, (host) => {
    it.each([
      ['no URL', { url: undefined }, 'url', 'This value should not be blank.'],
      ['a URL without https', { url: 'http://example.com/hook' }, 'url', 'This value is not a valid URL.'],
      ['a URL that is none', { url: 'example' }, 'url', 'This value is not a valid URL.'],
      [
        'a URL in the neighbourhood',
        { url: 'https://10.0.0.1/' },
        'url',
        'The address of this endpoint is not allowed.',
      ],
      ['no group', { group: undefined }, 'group', 'This value should not be blank.'],
      ['no action', { action: undefined }, 'action', 'This value should not be blank.'],
      ['a group that there is not', { group: 'invoice' }, 'group', CHOICE],
      ['an action that there is not', { action: 'invented' }, 'action', CHOICE],
      ['an action that the group does not have', { action: 'created' }, 'action', CHOICE],
      ['no secret', { hash_secret: undefined }, 'hash_secret', 'This value should not be blank.'],
      ['a secret that is a number', { hash_secret: 1 }, 'hash_secret', 'This value should be of type string.'],
    ])('is a 400 by field for %s', async (_, wanted, field, message) => {
      const { status, text } = await host().call('POST /webhooks/', { ...WANTED, ...wanted });
      expect([status, text]).toEqual([400, JSON.stringify({ errors: { [field]: [message] } })]);
    });

    it('is a 400 for a change to a pair that there is not', async () => {
      const { id } = (await host().call('POST /webhooks/', WANTED)).body as { id: string };
      const { status, body } = await host().call(`PATCH /webhooks/${id}/`, { action: 'shipped' });
      expect([status, body]).toEqual([400, { errors: { action: [CHOICE] } }]);
      expect((await host().call(`PATCH /webhooks/${id}/`, { group: 'order', action: 'shipped' })).status).toBe(200);
    });

    it.each(['limit=0', 'limit=101', 'limit=x', 'page=0', 'sort=secret', 'direction=up', 'from=yesterday'])(
      'is a 400 for a list with %s',
      async (query) => {
        const { status, body } = await host().call(`GET /webhooks/?${query}`);
        expect(status).toBe(400);
        expect(Object.keys((body as { errors: object }).errors)).toEqual([query.split('=')[0]]);
      },
    );

    it('is a 400 for what is not JSON', async () => {
      for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
        const headers = { authorization: 'Bearer acme', 'content-type': type };
        const { status, text } = await host().send('POST /webhooks/', headers, '{"url":');
        expect([status, text]).toEqual([400, '{"code":400,"message":"The body is not JSON."}']);
      }
    });

    it('is a 401 for whom nobody knows', async () => {
      const { status, text } = await host().call('GET /webhooks/', undefined, null);
      expect([status, text]).toEqual([401, '{"code":401,"message":"Who is it?"}']);
    });

    it('is a 404 for what belongs to somebody else or to nobody', async () => {
      const { id } = (await host().call('POST /webhooks/', WANTED)).body as { id: string };
      const ids = [id, 'nothing', '%00', '774bf6ee-90cf-11e9-b36d-0242ac120005'];
      for (const each of ids) {
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
          const answer = await host().call(
            `${method} /webhooks/${each}/`,
            method.startsWith('P') ? {} : undefined,
            'globex',
          );
          const message = `There is no subscription ${JSON.stringify(decodeURIComponent(each))}.`;
          expect([answer.status, answer.text]).toEqual([404, JSON.stringify({ code: 404, message })]);
        }
      }
      expect((await host().call('GET /webhooks/', undefined, 'globex')).body).toMatchObject({ count: 0, results: [] });
    });

    it('is a 405 that says what is allowed', async () => {
      for (const [method, path, allowed] of [
        ['DELETE', '/webhooks/', 'GET, POST'],
        ['POST', '/webhooks/1/', 'GET, PATCH, PUT, DELETE'],
      ] as const) {
        const { status, text, headers } = await host().call(`${method} ${path}`, method === 'POST' ? {} : undefined);
        const message = `Method "${method}" is not allowed here, only ${allowed}.`;
        expect([status, headers.get('allow')]).toEqual([405, allowed]);
        expect(text).toBe(JSON.stringify({ code: 405, message }));
      }
    });
  });
});
