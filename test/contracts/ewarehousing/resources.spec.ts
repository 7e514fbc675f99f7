import { ewarehousing } from 'nestjs-webhooks/contracts';
import { describeContracts, type Answer } from '../contracts-host';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const CUSTOMER = 'be62c27e-2aac-4ac1-902e-f770d64f8dce';
const URL_OF_PAGE = 'https://webhook.site/d8cfed29-d64c-41e6-82fe-f4919992b7a8';
// Laid out as the documentation lays it out.
const CREATION = `{
            "url": "${URL_OF_PAGE}",
            "group": "stock",
            "action": "updated",
            "hash_secret": "ABC12345"
        }`;
const UPDATE = `{
            "url": "https://webhook.site/5c2bba38-7515-478d-95c9-cc263f38e23f",
            "group": "order",
            "action": "created"
        }`;

const webhook = (url: string, group: string, action: string, more = '') =>
  `{"id":"#","url":"${url}","group":"${group}","action":"${action}","customer":"${CUSTOMER}"${more}}`;

/** The text with every UUID of ours as `#`. */
const withoutIds = ({ text }: Pick<Answer, 'text'>) => text.replace(new RegExp(`"${UUID}"`, 'g'), '"#"');
const idOf = ({ body }: Answer) => (body as { id: string }).id;
const KEY = { authorization: 'Bearer acme' };

describe('Webhooks of eWarehousing Solutions', () => {
  describeContracts({ contracts: [ewarehousing({ customers: { acme: CUSTOMER } })] }, (host) => {
    const create = (body = CREATION) =>
      host().send('POST /webhooks/', { ...KEY, 'content-type': 'application/json' }, body);
    const order = CREATION.replace('stock', 'order');

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
    });

    it('are created as documented, with the secret in the answer', async () => {
      const answer = await create();
      expect(answer.status).toBe(201);
      expect(withoutIds(answer)).toBe(webhook(URL_OF_PAGE, 'stock', 'updated', ',"hash_secret":"ABC12345"'));
    });

    it('are listed as documented, without the secret', async () => {
      await create();
      await create(order);
      const answer = await host().call('GET /webhooks/');
      const results = `${webhook(URL_OF_PAGE, 'stock', 'updated')},${webhook(URL_OF_PAGE, 'order', 'updated')}`;
      expect(answer.status).toBe(200);
      expect(withoutIds(answer)).toBe(`{"count":2,"next":null,"previous":null,"results":[${results}]}`);
    });

    it('are changed as documented, where curl calls the JSON a form, and PUT means the same as PATCH', async () => {
      const changed = webhook('https://webhook.site/5c2bba38-7515-478d-95c9-cc263f38e23f', 'order', 'created');
      const asForm = { ...KEY, 'content-type': 'application/x-www-form-urlencoded' };
      for (const method of ['PUT', 'PATCH']) {
        const id = idOf(await create());
        const answer = await host().send(`${method} /webhooks/${id}/`, asForm, UPDATE);
        expect([answer.status, withoutIds(answer)]).toEqual([200, changed]);
        expect(withoutIds(await host().call(`GET /webhooks/${id}/`))).toBe(changed);
      }
    });

    it('keep what is not given, and rotate the secret without showing it', async () => {
      const id = idOf(await create(order));
      const answer = await host().call(`PATCH /webhooks/${id}/`, { action: 'shipped', hash_secret: 'another' });
      expect(withoutIds(answer)).toBe(webhook(URL_OF_PAGE, 'order', 'shipped'));
      expect((await host().subscriptions.list()).data[0]!.secrets.current()).toBe('another');
    });

    it('keep a URL whole that has & and = in it, in JSON that is called a form', async () => {
      const id = idOf(await create());
      const body = '{"url":"https://example.com/hook?a=1&b=two"}';
      const asForm = { ...KEY, 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await host().send(`PUT /webhooks/${id}/`, asForm, body);
      expect(answer.body).toMatchObject({ url: 'https://example.com/hook?a=1&b=two' });
    });

    it('are deleted with 204 and nothing', async () => {
      const id = idOf(await create());
      const answer = await host().call(`DELETE /webhooks/${id}/`);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect((await host().call(`GET /webhooks/${id}/`)).status).toBe(404);
    });

    it('answer without the last slash too', async () => {
      const id = idOf(await create());
      expect((await host().call('GET /webhooks')).status).toBe(200);
      expect((await host().call(`GET /webhooks/${id}`)).status).toBe(200);
    });

    it('are paged by number, with links that keep what else was asked', async () => {
      for (let count = 0; count < 5; count++) await create(count % 2 ? order : CREATION);
      const page = async (query: string) => (await host().call(`GET /webhooks/${query}`)).body as List;
      const url = `${await host().app.getUrl()}/webhooks/`;
      const second = await page('?limit=2&page=2&sort=group&direction=desc&other=1');
      expect([second.count, second.results.map(({ group }) => group)]).toEqual([5, ['stock', 'order']]);
      expect(second.next).toBe(`${url}?limit=2&page=3&sort=group&direction=desc&other=1`);
      expect(second.previous).toBe(`${url}?limit=2&page=1&sort=group&direction=desc&other=1`);
      expect(await page('?limit=2&page=3')).toMatchObject({ next: null, count: 5 });
      expect((await page('?page=9')).results).toEqual([]);
    });

    it('are fifty on a page when nobody says', async () => {
      const extra = idOf(await create());
      for (let count = 0; count < 50; count++) await create();
      const first = (await host().call('GET /webhooks/')).body as List;
      expect([first.count, first.results.length]).toEqual([51, 50]);
      expect(first.next).toBe(`${await host().app.getUrl()}/webhooks/?page=2`);
      await host().call(`DELETE /webhooks/${extra}/`);
    });

    it('can be asked for by when they were made', async () => {
      await create();
      const count = async (query: string) => ((await host().call(`GET /webhooks/?${query}`)).body as List).count;
      expect(await count('from=2025-01-01&to=2025-01-01')).toBe(1);
      expect(await count('from=2025-01-02')).toBe(0);
      expect(await count('to=2024-12-31')).toBe(0);
    });
  });
});

interface List {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: { readonly group: string }[];
}

describe('Webhooks of eWarehousing Solutions, shown with their whole model', () => {
  describeContracts({ contracts: [ewarehousing({ wholeModel: true })] }, (host) => {
    it('have their topic and their times too', async () => {
      const { text } = await host().call('POST /webhooks/', JSON.parse(CREATION));
      expect(withoutIds({ text })).toBe(
        `{"id":"#","url":"${URL_OF_PAGE}","group":"stock","action":"updated","topic":"stock.updated","customer":"acme",` +
          '"hash_secret":"ABC12345","created_at":"2025-01-01T00:00:00Z","modified_at":"2025-01-01T00:00:00Z"}',
      );
    });
  });
});
