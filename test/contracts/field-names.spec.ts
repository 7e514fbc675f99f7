import { defineContract, ewarehousing, packcloud, readycloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const strict = [
  { ...readycloud().description, path: 'strict/readycloud/:org_pk' },
  { ...ewarehousing().description, path: 'strict/ewarehousing' },
  { ...packcloud().description, path: 'strict/packcloud/:organizationId' },
].map((description) => defineContract({ ...description, unknownFields: 'refuse' }));
const ROUTES = ['POST /strict/readycloud/acme/', 'POST /strict/ewarehousing/', 'POST /strict/packcloud/acme'];

describe('A field that a contract refuses because there is none of its name', () => {
  describeContracts({ contracts: strict }, (host) => {
    describe.each(ROUTES)('at %s', (route) => {
      it.each(['colour', 'a(', '(a+)+$', '', ' '])(
        'is named in the contract’s own words when it is %j',
        async (name) => {
          const { status, body } = await host().call(route, { [name]: 1 });
          expect([400, 422]).toContain(status);
          const { errors = body } = body as { errors?: object };
          expect(errors).toMatchObject({ [name]: [expect.stringContaining('should not exist')] });
        },
      );
    });
  });
});
