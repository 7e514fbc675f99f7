import { ewarehousing } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';

const WANTED = { url: 'https://example.com/hook', group: 'order', action: 'created', hash_secret: 'ABC12345' };
const FORM_TYPE = { authorization: 'Bearer acme', 'content-type': 'application/x-www-form-urlencoded' };
/** JSON in which a parser of forms reads something else. */
const AMBIGUOUS: readonly object[] = [
  { hash_secret: 'q9N+hjkj' },
  { hash_secret: 'q9N hjkj' },
  { hash_secret: 'a%2Bb' },
  { url: 'https://example.com/a%20b' },
  { url: 'https://example.com/?a=&b=1' },
  { url: 'https://example.com/?a=1&b=2&b=3' },
];

describe('JSON that curl calls a form, to eWarehousing Solutions', () => {
  const contracts = [ewarehousing()];

  describeContracts({ contracts }, (host) => {
    it.each(AMBIGUOUS)('is refused rather than misread by a host that keeps no bytes: %j', async (change) => {
      const { id } = (await host().call('POST /webhooks/', WANTED)).body as { id: string };
      const { status, body } = await host().send(`PUT /webhooks/${id}/`, FORM_TYPE, JSON.stringify(change));
      const message = 'The body is JSON and its content type is not: send it as "application/json".';
      expect([status, body]).toEqual([400, { code: 400, message }]);
    });
  });

  describeContracts({ contracts }, (host) => {
    it.each(['a[toString]=&a=', 'a[toString]=b', 'a[b]=c', 'a=b'])(
      'is refused where it is a form: %s',
      async (form) => {
        const { status, body } = await host().send('POST /webhooks/', FORM_TYPE, form);
        expect([status, body]).toEqual([400, { code: 400, message: 'The body is not JSON.' }]);
      },
    );
  });

  describeContracts({ contracts, rawBody: true }, (host) => {
    it.each(AMBIGUOUS)('is read exactly by a host that keeps the bytes: %j', async (change) => {
      const { id } = (await host().call('POST /webhooks/', WANTED)).body as { id: string };
      const answer = await host().send(`PUT /webhooks/${id}/`, FORM_TYPE, JSON.stringify(change));
      const [newest] = (await host().subscriptions.list({ limit: 1 })).data;
      expect(answer.status).toBe(200);
      expect({ url: newest!.url, hash_secret: newest!.secrets.current() }).toMatchObject(change);
    });
  });
});
