import { readycloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const PATH = '/api/v2/orgs/1/webhooks/';
const WANTED = { entity: 'contact', remote_url: 'https://example.com/contacts/v2/' };
const organizations = { acme: '1', globex: '2' };

describe('What ReadyCloud answers to a request that it cannot do', () => {
  describeContracts({ contracts: [readycloud({ organizations })] }, (host) => {
    it.each([
      ['no remote_url', { remote_url: undefined }, 'remote_url', 'This field is required.'],
      ['a remote_url that is null', { remote_url: null }, 'remote_url', 'This field may not be null.'],
      ['a remote_url that is empty', { remote_url: '' }, 'remote_url', 'This field may not be blank.'],
      ['a remote_url that is a number', { remote_url: 1 }, 'remote_url', 'Not a valid string.'],
      ['a remote_url without https', { remote_url: 'http://example.com/' }, 'remote_url', 'Enter a valid URL.'],
      ['a remote_url that is none', { remote_url: 'example' }, 'remote_url', 'Enter a valid URL.'],
      [
        'a remote_url in the neighbourhood',
        { remote_url: 'https://10.1.2.3/' },
        'remote_url',
        'The address of this endpoint is not allowed.',
      ],
      ['an entity that there is not', { entity: 'order' }, 'entity', '"order" is not a valid choice.'],
      [
        'an entity that nobody documents',
        { entity: 'order-delivered' },
        'entity',
        '"order-delivered" is not a valid choice.',
      ],
    ])('is a 400 by field for %s', async (_, wanted, field, message) => {
      const { status, text } = await host().call(`POST ${PATH}`, { ...WANTED, ...wanted });
      expect([status, text]).toEqual([400, JSON.stringify({ [field]: [message] })]);
    });

    it('is a 400 for what is not JSON', async () => {
      const type = { authorization: 'bearer acme', 'content-type': 'application/json' };
      const { status, text } = await host().send(`POST ${PATH}`, type, '{"entity"');
      expect([status, text]).toEqual([400, '{"detail":"JSON parse error - The body is not JSON."}']);
    });

    it('is a 401 for whom nobody knows', async () => {
      for (const route of [`GET ${PATH}`, `POST ${PATH}`, `GET ${PATH}1/`]) {
        const { status, text } = await host().call(route, undefined, null);
        expect([status, text]).toEqual([401, '{"detail":"Authentication credentials were not provided."}']);
      }
    });

    it('is a 404 for what belongs to another organisation, in its own and in that of the owner', async () => {
      const { url } = (await host().call(`POST ${PATH}`, WANTED)).body as { url: string };
      for (const path of [url, url.replace('/orgs/1/', '/orgs/2/'), PATH]) {
        const { status, text } = await host().call(`GET ${path}`, undefined, 'globex');
        expect([status, text]).toEqual([404, '{"detail":"Not found."}']);
      }
      expect((await host().call(`GET ${url.replace('/orgs/1/', '/orgs/2/')}`)).status).toBe(404);
      expect((await host().call(`DELETE ${url}`, undefined, 'globex')).status).toBe(404);
      expect((await host().call(`GET ${url}`)).status).toBe(200);
    });

    it.each(['0', '01', '-1', '1.5', 'one', '%00', '999999', '9999999999999999999999'])(
      'is a 404 for the number %s',
      async (number) => {
        for (const method of ['GET', 'DELETE']) {
          const { status, text } = await host().call(`${method} ${PATH}${number}/`);
          expect([status, text]).toEqual([404, '{"detail":"Not found."}']);
        }
      },
    );

    it.each([
      ['PUT', `${PATH}1/`, 'GET, DELETE'],
      ['PATCH', `${PATH}1/`, 'GET, DELETE'],
      ['DELETE', PATH, 'GET, POST'],
    ])('is a 405 for %s %s', async (method, path, allow) => {
      const { status, text, headers } = await host().call(`${method} ${path}`, method === 'DELETE' ? undefined : {});
      expect([status, text, headers.get('allow')]).toEqual([
        405,
        `{"detail":"Method \\"${method}\\" not allowed."}`,
        allow,
      ]);
    });

    it('is a 400 for a page that there cannot be', async () => {
      const { status, body } = await host().call(`GET ${PATH}?limit=many&offset=-1`);
      expect([status, body]).toEqual([
        400,
        { limit: ['A valid integer is required.'], offset: ['This field must not be less than 0.'] },
      ]);
    });
  });
});
