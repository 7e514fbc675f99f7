import { packcloud } from 'nestjs-webhooks/contracts';
import { describeContracts, type Answer } from '../contracts-host';

const PATH = '/v1/organizations/acme/webhooks';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z';
// The documented example asks for `orders.created`, which the documented list of values does not have.
const WANTED = {
  event_code: 'order.created',
  endpoint: 'https://myapp.packcloud.local/order-created',
  secret: 'q9NhjkjV9o',
};

function objectOf(enabled = true, wanted: object = WANTED): string {
  const fields = JSON.stringify(wanted)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `\\{"id":"${UUID}",${fields},"enabled":${enabled},"created_at":"${TIME}","updated_at":"${TIME}"\\}`;
}

const exactly = (pattern: string) => new RegExp(`^${pattern}$`);
const idOf = ({ body }: Answer) => (body as { id: string }).id;

describe('Webhooks of Pack.cloud', () => {
  describeContracts({ contracts: [packcloud()] }, (host) => {
    const create = async (wanted: object = {}) => host().call(`POST ${PATH}`, { ...WANTED, ...wanted });

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
    });

    it('are created as documented, and answered with 201 and the secret in clear', async () => {
      const answer = await create();
      expect(answer.status).toBe(201);
      expect(answer.text).toMatch(exactly(objectOf()));
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    });

    it('are created without being enabled', async () => {
      expect((await create({ enabled: false })).text).toMatch(exactly(objectOf(false)));
    });

    it('are listed with the documented members', async () => {
      await create();
      const { status, text } = await host().call(`GET ${PATH}`);
      expect(status).toBe(200);
      expect(text).toMatch(
        exactly(`\\{"data":\\[${objectOf()}\\],"links":\\{"prev":null,"next":null\\},"meta":\\{"per_page":25\\}\\}`),
      );
    });

    it('are kept in no cache, one by one or in a list, because their secrets are in every answer', async () => {
      const id = idOf(await create());
      for (const path of [PATH, `${PATH}/${id}`]) {
        const { headers } = await host().call(`GET ${path}`);
        expect(headers.get('cache-control')).toBe('no-store');
      }
    });

    it('are listed 25 on a page, oldest first, with links to the pages beside', async () => {
      const made: string[] = [];
      for (let count = 0; count < 30; count++) made.push(idOf(await create()));
      const first = (await host().call(`GET ${PATH}`)).body as List;
      const second = (await host().send(`GET ${first.links.next!}`, { authorization: 'Bearer acme' })).body as List;
      expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 25));
      expect(second.data.map(({ id }) => id)).toEqual(made.slice(25));
      const url = `${await host().app.getUrl()}${PATH}`;
      expect([first.links, second.links]).toEqual([
        { prev: null, next: `${url}?page=2` },
        { prev: `${url}?page=1`, next: null },
      ]);
    });

    it('are read, and changed in what is given', async () => {
      const id = idOf(await create());
      expect((await host().call(`GET ${PATH}/${id}`)).text).toMatch(exactly(objectOf()));
      const changed = await host().call(`PUT ${PATH}/${id}`, {
        event_code: 'order.shipped',
        enabled: false,
        secret: 'new',
      });
      expect(changed.status).toBe(200);
      const now = { ...WANTED, event_code: 'order.shipped', secret: 'new' };
      expect(changed.text).toMatch(exactly(objectOf(false, now)));
      expect((await host().call(`GET ${PATH}/${id}`)).text).toBe(changed.text);
    });

    it('are deleted with 204 and nothing', async () => {
      const id = idOf(await create());
      const answer = await host().call(`DELETE ${PATH}/${id}`);
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([204, '', null]);
      expect((await host().call(`GET ${PATH}/${id}`)).status).toBe(404);
    });
  });
});

interface List {
  readonly data: { readonly id: string }[];
  readonly links: { readonly next: string | null; readonly prev: string | null };
}

describe('Webhooks of Pack.cloud, with other answers to what its documentation leaves open', () => {
  const options = {
    path: 'api',
    flat: true,
    wrapped: true,
    organizations: { acme: 'o-1' },
    topics: { 'order.created': 'shop.order.placed' },
  } as const;
  describeContracts({ contracts: [packcloud(options)] }, (host) => {
    const path = '/api/organizations/o-1/webhooks';

    it('are inside a data each, and their list is flat', async () => {
      const created = await host().call(`POST ${path}`, WANTED);
      expect(created.text).toMatch(exactly(`\\{"data":${objectOf()}\\}`));
      const { text } = await host().call(`GET ${path}`);
      expect(text).toMatch(exactly(`\\{"data":\\[${objectOf()}\\],"prev":null,"next":null,"per_page":25\\}`));
    });

    it('belong to the tenant that the host knows, and ask for its topics', async () => {
      const [subscription] = (await host().subscriptions.list()).data;
      expect(subscription).toMatchObject({ tenant: 'acme', contract: 'packcloud', topics: ['shop.order.placed'] });
      expect((await host().call('GET /api/organizations/acme/webhooks')).status).toBe(404);
    });
  });
});
