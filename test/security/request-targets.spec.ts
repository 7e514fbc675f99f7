import { describeContracts } from '../contracts/contracts-host';
import { RawClient } from './raw-client';
import { CONTRACTS, TOPICS } from './served-contracts';

const LIST = '/v1/organizations/acme/webhooks';

/** Whole URLs in place of paths, of which Express takes some for paths that no URL can have. */
const TARGETS = [
  'http://a.example',
  'http://a.example:99999',
  'http://',
  'http:///',
  'http://a..b:0',
  'http://%',
  'HTTP://[',
]
  .map((origin) => origin + LIST)
  .concat([`/${LIST}`, `/${LIST}?`, `${LIST}?a=http://[`]);

const FORWARDED = ['javascript', 'foo', '%%', 'a b', 'https, http', 'x:', '://'];

interface TrustingApp {
  getType(): string;
  set(setting: string, value: unknown): void;
}

describe('A request whose target is no path', () => {
  describeContracts({ contracts: CONTRACTS, topics: TOPICS }, (host) => {
    const authorization = 'Bearer acme';
    let client: RawClient;
    beforeAll(async () => void (client = new RawClient(await host().app.getUrl())));
    afterAll(() => client.close());

    it.each(TARGETS)('is answered and makes nothing fail: %s', async (path) => {
      const { status } = await client.send({ method: 'GET', path, headers: { authorization } });
      expect([200, 301, 400, 404]).toContain(status);
    });
  });

  const prepare = (app: { getHttpAdapter(): unknown }) => {
    const adapter = app.getHttpAdapter() as TrustingApp;
    if (adapter.getType() === 'express') adapter.set('trust proxy', true);
  };
  describeContracts({ contracts: CONTRACTS, topics: TOPICS, prepare }, (host) => {
    it.each(FORWARDED)('and one that is forwarded from a scheme that there is not, neither: %s', async (scheme) => {
      const headers = { authorization: 'Bearer acme', 'x-forwarded-proto': scheme, 'x-forwarded-host': 'a.example' };
      expect((await host().send(`GET ${LIST}`, headers)).status).toBe(200);
    });
  });
});
