import { ewarehousing, packcloud, readycloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const KEY = 'bearer_token=acme';
const LISTS: readonly [path: string, wanted: object][] = [
  ['/api/v2/orgs/acme/webhooks/', { remote_url: 'https://example.com/' }],
  ['/webhooks/', { url: 'https://example.com/', group: 'order', action: 'created', hash_secret: 's' }],
];

describe('A key in the query', () => {
  const credentials = ['bearer_token'];
  const contracts = [readycloud(), ewarehousing({ credentials }), packcloud({ credentials })];
  describeContracts({ contracts }, (host) => {
    it.each(LISTS)('does not get into the links of %s', async (path, wanted) => {
      for (let count = 0; count < 2; count++) await host().call(`POST ${path}`, wanted);
      const first = await host().send(`GET ${path}?limit=1&${KEY}`, {});
      const { next } = first.body as { next: string };
      expect([...new URL(next).searchParams.keys()]).toEqual(expect.arrayContaining(['limit']));
      expect(next).not.toContain('bearer_token');
    });

    it('does not get into the links of Pack.cloud', async () => {
      const path = '/v1/organizations/acme/webhooks';
      const wanted = { event_code: 'order.created', endpoint: 'https://example.com/', secret: 's' };
      for (let count = 0; count < 26; count++) await host().call(`POST ${path}`, wanted);
      const { body } = await host().send(`GET ${path}?${KEY}`, {});
      const { next } = (body as { links: { next: string } }).links;
      expect(new URL(next).search).toBe('?page=2');
    });
  });
});
