import { defineTopic } from 'nestjs-webhooks';
import { standard } from 'nestjs-webhooks/contracts';
import { alpha } from '../transport/client.certificates';
import { describeContracts } from './contracts-host';

const OrderCreated = defineTopic('order.created');
const PATH = '/webhooks/subscriptions';
const OAUTH2 = {
  type: 'oauth2',
  tokenUrl: 'https://example.com/token',
  clientId: 'ours',
  clientSecret: 'the secret of the client',
};

describe('Headers and credentials of the standard API', () => {
  describeContracts(
    { contracts: [standard()], topics: [OrderCreated] },
    (host) => {
      const create = (wanted: object) =>
        host().call(`POST ${PATH}`, { url: 'https://example.com/hook', topics: ['*'], ...wanted });
      const shownOf = async (wanted: object) => {
        const { status, body } = await create(wanted);
        return [status, (body as { credentials: unknown }).credentials];
      };

      it.each([
        ['basic', { username: 'we', password: 'a password' }, { username: 'we' }],
        ['bearer', { token: 'a-token' }, {}],
        [
          'oauth2',
          { ...OAUTH2, scope: 'hooks' },
          { tokenUrl: OAUTH2.tokenUrl, clientId: 'ours', scope: 'hooks', authentication: 'basic' },
        ],
        [
          'certificate',
          { certificate: alpha.cert, key: alpha.key },
          { subject: 'O=Tests, CN=alpha', expiresAt: expect.stringMatching(/^2126-.*Z$/) as string },
        ],
      ])('are shown without what is secret: %s', async (type, given, shown) => {
        expect(await shownOf({ credentials: { ...given, type } })).toEqual([201, { type, ...shown }]);
      });

      it('are shown by the names of the headers, in every answer', async () => {
        const { body } = await create({ headers: { 'X-Team': 'a secret value', Accept: 'text/plain' } });
        const { id } = body as { id: string };
        const read = await host().call(`GET ${PATH}/${id}`);
        const list = await host().call(`GET ${PATH}`);
        expect([body, read.body]).toMatchObject([{ headers: ['X-Team', 'Accept'] }, { headers: ['X-Team', 'Accept'] }]);
        expect(list.text).not.toContain('a secret value');
      });

      it('stay where a change names others, are replaced, and go with null', async () => {
        const { body } = await create({ credentials: OAUTH2, headers: { 'X-Team': 'ours' } });
        const { id } = body as { id: string };
        const change = async (wanted: object) => {
          const { status, body: changed } = await host().call(`PATCH ${PATH}/${id}`, wanted);
          const { credentials, headers } = changed as { credentials: { type: string } | null; headers: string[] };
          return [status, credentials?.type ?? null, headers];
        };
        expect(await change({ description: 'Ours' })).toEqual([200, 'oauth2', ['X-Team']]);
        expect(await change({ headers: {} })).toEqual([200, 'oauth2', []]);
        expect(await change({ credentials: { type: 'bearer', token: 'x' } })).toEqual([200, 'bearer', []]);
        expect(await change({ credentials: null })).toEqual([200, null, []]);
      });

      it.each([
        [400, { credentials: 'Bearer x' }, 'credentials'],
        [400, { credentials: { token: 'x' } }, 'credentials'],
        [400, { credentials: [OAUTH2] }, 'credentials'],
        [400, { headers: ['X-Team'] }, 'headers'],
        [400, { headers: { 'X-Team': 7 } }, 'headers'],
        [422, { credentials: { ...OAUTH2, clientSecret: undefined } }, 'credentials'],
        [422, { credentials: { ...OAUTH2, tokenUrl: 'http://192.168.0.1/token' } }, 'credentials'],
        [422, { credentials: { type: 'certificate', certificate: alpha.cert, key: alpha.cert } }, 'credentials'],
        [422, { headers: { 'webhook-signature': 'the secret of the client' } }, 'headers'],
        [422, { headers: { 'Content-Type': 'text/plain' } }, 'headers'],
      ])('are refused with %i, and not repeated: %j', async (expected, wanted, field) => {
        const { status, body, text } = await create(wanted);
        expect([status, body]).toMatchObject([expected, { errors: [{ field }] }]);
        expect(text).not.toContain(OAUTH2.clientSecret);
      });
    },
    ['sqlite', 'postgres', 'mysql'],
  );
});
