import { encodedSecret, hmac, SubscriptionsRepository, textSecret } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const { choice, chosenBy, defineContract, get, hostTopics, identifier, patch, post, standardErrors, url } = contracts;

const SIGNATURES = {
  text: hmac({ header: 'X-Signature', secret: textSecret() }),
  hex: hmac({ header: 'X-Signature', secret: encodedSecret('hex') }),
};

const chosen = defineContract({
  name: 'chosen',
  path: 'chosen',
  operations: { create: post(), read: get(':id'), update: patch(), rotate: post(':id/rotate') },
  fields: {
    id: identifier(),
    url: url(),
    topics: contracts.topics(hostTopics, { default: ['*'] }),
    secret: contracts.secret({ from: 'either' }),
    format: choice('format', Object.keys(SIGNATURES), { default: 'text' }),
  },
  errors: standardErrors,
  delivery: { body: ({ payload }) => payload, signature: chosenBy('format', SIGNATURES) },
});

describe('A secret that is rotated while the way of signing changes', () => {
  describeContracts(
    { contracts: [chosen] },
    (host) => {
      const [hex, text] = ['0123456789abcdef', 'not of hex digits'];
      const change = (route: string, body: object) => host().call(route, body);

      /** One change, and another that is written just before the first one is. */
      const crossed = async (route: string, body: object, other: () => Promise<unknown>) => {
        const repository = host().app.get(SubscriptionsRepository);
        const store = repository.update.bind(repository);
        const update = jest.spyOn(repository, 'update').mockImplementationOnce(async (...written) => {
          await other();
          return store(...written);
        });
        const { status } = await change(route, body);
        update.mockRestore();
        return status;
      };
      const made = async () => {
        const wanted = { url: host().receiver.url('/hook'), secret: hex };
        return ((await change('POST /chosen', wanted)).body as { id: string }).id;
      };
      const now = async (id: string) => (await host().call(`GET /chosen/${id}`)).body;

      it('is refused where it does not fit the new way', async () => {
        const id = await made();
        const toHex = () => change(`PATCH /chosen/${id}`, { format: 'hex' });
        expect(await crossed(`POST /chosen/${id}/rotate`, { secret: text }, toHex)).toBe(422);
        expect(await now(id)).toMatchObject({ format: 'hex', secret: hex });
      });

      it('keeps the way as it was where it would not fit', async () => {
        const id = await made();
        const rotation = () => change(`POST /chosen/${id}/rotate`, { secret: text });
        expect(await crossed(`PATCH /chosen/${id}`, { format: 'hex' }, rotation)).toBe(422);
        expect(await now(id)).toMatchObject({ format: 'text', secret: text });
      });
    },
    ['sqlite', 'postgres', 'mysql'],
  );
});
