import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { ewarehousing } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const WANTED = { url: 'https://example.com/hook', group: 'order', action: 'created', hash_secret: 's' };

describe('The links of a list', () => {
  describeContracts({ contracts: [ewarehousing()] }, (host) => {
    beforeAll(async () => {
      for (let count = 0; count < 2; count++) await host().call('POST /webhooks/', WANTED);
    });

    /** The link to the next page; `fetch` would name the host by itself. */
    const nextFor = async (named: string) => {
      const { port } = new URL(await host().app.getUrl());
      const headers = { authorization: 'Bearer acme', host: named };
      const asked = { host: '127.0.0.1', port, path: '/webhooks/?limit=1', headers };
      return new Promise<unknown>((resolve, reject) => {
        request(asked, (answer) => {
          json(answer).then((body) => resolve((body as { next?: string }).next), reject);
        })
          .on('error', reject)
          .end();
      });
    };

    it('lead to the host that the caller names', async () => {
      expect(await nextFor('api.example.com:8443')).toBe('http://api.example.com:8443/webhooks/?limit=1&page=2');
    });

    it.each(['a b', 'a:99999', 'u@', '[::', ''])('are there where no host can have the name %j', async (named) => {
      expect(await nextFor(named)).toMatch(/^http:\/\/[^/@]+\/webhooks\/\?limit=1&page=2$/);
    });

    it.each(['example.com/path?query', 'user:password@example.com'])('take the host alone from %s', async (named) => {
      expect(await nextFor(named)).toBe('http://example.com/webhooks/?limit=1&page=2');
    });
  });
});
