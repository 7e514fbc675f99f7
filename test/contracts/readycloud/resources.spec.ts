import { readycloud } from 'nestjs-webhooks/contracts';
import { describeContracts, type Answer } from '../contracts-host';

const PATH = '/api/v2/orgs/1/webhooks/';
const KEY = 'bearer_token=acme';
const organizations = { acme: '1', globex: '2' };

/** The documented example of an answer, as a pattern. */
function webhook(remoteUrl: string, entity: string, time = '2025-01-01T00:00:00Z'): string {
  const url = '/api/v2/orgs/1/webhooks/#/';
  const times = `"created_at":"${time}","updated_at":"${time}"`;
  return `{"url":"${url}","remote_url":"${remoteUrl}","token":"#",${times},"entity":"${entity}","suspended_at":null}`;
}

/** The text without the numbers and tokens that the server made, and a check that there were no others. */
const plain = ({ text }: Pick<Answer, 'text'>) =>
  text.replace(/\/webhooks\/[1-9]\d*\/"/g, '/webhooks/#/"').replace(/"token":"[0-9a-f]{30}"/g, '"token":"#"');

const urlOf = ({ body }: Answer) => (body as { url: string }).url;

describe('Webhooks of ReadyCloud', () => {
  describeContracts({ contracts: [readycloud({ organizations })] }, (host) => {
    const create = (body: unknown = { entity: 'contact', remote_url: 'https://example.com/contacts/v2/' }) =>
      host().send(`POST ${PATH}?${KEY}`, { 'content-type': 'application/json' }, JSON.stringify(body));
    const get = (path: string) => host().send(`GET ${path}?${KEY}`, {});

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
    });

    it('are created as documented, with a token of the server', async () => {
      const answer = await create();
      expect(answer.status).toBe(201);
      expect(plain(answer)).toBe(webhook('https://example.com/contacts/v2/', 'contact'));
    });

    it('have six digits of a second’s fraction, unless these are zero', async () => {
      await host().clock.advance('16159ms');
      expect(plain(await create())).toBe(
        webhook('https://example.com/contacts/v2/', 'contact', '2025-01-01T00:00:16.159000Z'),
      );
      await host().clock.advance('841ms');
    });

    it('are about orders when nothing else is said, and what is read-only may be said and does not count', async () => {
      const remote_url = 'https://example.com/orders';
      const answer = await create({
        remote_url,
        token: 'mine',
        suspended_at: 'now',
        url: '/',
        created_at: 1,
        other: 2,
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ remote_url, entity: 'orders', suspended_at: null });
    });

    it('are listed as documented, with a token that stays', async () => {
      const made = await create();
      const answer = await get(PATH);
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(`{"count":1,"next":null,"previous":null,"results":[${made.text}]}`);
    });

    it('are read where their url says', async () => {
      const made = await create();
      const answer = await get(urlOf(made));
      expect([answer.status, answer.text]).toEqual([200, made.text]);
      expect((await get(urlOf(made).replace(/\/$/, ''))).text).toBe(made.text);
    });

    it('are deleted with 204 and nothing', async () => {
      const url = urlOf(await create());
      const answer = await host().send(`DELETE ${url}?${KEY}`, {});
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect((await get(url)).status).toBe(404);
    });

    it('are paged by limit and offset, with absolute links that have no credential in them', async () => {
      const made: string[] = [];
      for (let count = 0; count < 5; count++) made.push(urlOf(await create()));
      const page = async (query: string) => (await host().send(`GET ${PATH}?${KEY}&${query}`, {})).body as List;
      const url = `${await host().app.getUrl()}${PATH}`;
      const second = await page('limit=2&offset=2');
      expect(second).toMatchObject({ count: 5, next: `${url}?limit=2&offset=4`, previous: `${url}?limit=2` });
      expect(second.results.map((each) => each.url)).toEqual(made.slice(2, 4));
      expect(await page('limit=2&offset=4')).toMatchObject({ next: null, previous: `${url}?limit=2&offset=2` });
    });
  });
});

interface List {
  readonly results: { readonly url: string }[];
}

describe('Webhooks of ReadyCloud below a prefix, with updates and the undocumented entity', () => {
  const contract = readycloud({ organizations, updates: true, orderDelivered: true, path: 'v2' });
  const prepare = (app: { setGlobalPrefix(prefix: string): unknown }) => void app.setGlobalPrefix('api');
  describeContracts({ contracts: [contract], prepare }, (host) => {
    it('know where they are, and change', async () => {
      const made = await host().call(`POST ${PATH}`, {
        entity: 'order-delivered',
        remote_url: 'https://example.com/a',
      });
      expect(urlOf(made)).toMatch(/^\/api\/v2\/orgs\/1\/webhooks\/\d+\/$/);
      const patched = await host().call(`PATCH ${urlOf(made)}`, { remote_url: 'https://example.com/b' });
      expect(patched.body).toMatchObject({ remote_url: 'https://example.com/b', entity: 'order-delivered' });
      const replaced = await host().call(`PUT ${urlOf(made)}`, { remote_url: 'https://example.com/c' });
      expect(replaced.body).toMatchObject({ remote_url: 'https://example.com/c', entity: 'orders' });
      expect((await host().call(`PUT ${urlOf(made)}`, {})).body).toEqual({ remote_url: ['This field is required.'] });
    });
  });
});
