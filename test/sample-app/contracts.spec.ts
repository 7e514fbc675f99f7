import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import type { Client } from './client';
import { CONTRACTS, TENANTS, type ServedContract, type Tenant } from './contracts';
import { Sample } from './sample';

const REMOTE = 'https://example.com/hook';

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  let handle: DatabaseHandle;
  let sample: Sample;

  beforeEach(async () => {
    handle = await database.create();
    sample = await Sample.start(handle);
  });

  afterEach(async () => {
    await sample.stop();
    await handle.drop();
  });

  describe.each(CONTRACTS)('$name, at its documented path,', (contract) => {
    const { path, wanted, item } = contract;
    const make = async (client: Client, list: string) =>
      item(list, (await client.post(list, wanted(REMOTE))).body as never);

    it.each(TENANTS)("takes %s's key, in a header or in the URL", async (tenant) => {
      const list = path[tenant];
      const inHeader = await sample[tenant].post(list, wanted(REMOTE));
      expect(inHeader).toMatchObject({ status: 201, body: wanted(REMOTE) });
      const inUrl = await sample.stranger.post(`${list}?bearer_token=${tenant}-key`, wanted(REMOTE));
      expect(inUrl).toMatchObject({ status: 201, body: wanted(REMOTE) });
      const answer = await sample.stranger.get(`${item(list, inUrl.body as never)}?bearer_token=${tenant}-key`);
      expect(answer).toMatchObject({ status: 200 });
      expect(subscriptionsIn(await sample[tenant].get(list))).toHaveLength(2);
    });

    it('asks for a known key, in its own words', async () => {
      const unknown = { status: 401, body: contract.unknownKey };
      expect(await sample.stranger.get(path.acme)).toMatchObject(unknown);
      expect(await sample.stranger.get(`${path.acme}?bearer_token=none`)).toMatchObject(unknown);
      expect(await sample.stranger.get(`${path.acme}?bearer_token=acme-key&bearer_token=none`)).toMatchObject(unknown);
    });

    it('shows each tenant its own, and the operator everything', async () => {
      const mine = await make(sample.acme, path.acme);
      const theirs = mine.replace(path.acme, path.globex);
      expect(await sample.globex.get(theirs)).toMatchObject({ status: 404 });
      expect(await sample.globex.delete(theirs)).toMatchObject({ status: 404 });
      expect(subscriptionsIn(await sample.globex.get(path.globex))).toEqual([]);
      expect(await sample.operator.get(mine)).toMatchObject({ status: 200 });
      expect(await sample.acme.delete(mine)).toMatchObject({ status: 204 });
    });
  });

  it.each(CONTRACTS.filter(({ path }) => path.acme !== path.globex))(
    '$name has nothing for a tenant at the path of another',
    async ({ path, wanted }) => {
      expect(await sample.globex.get(path.acme)).toMatchObject({ status: 404 });
      expect(await sample.globex.post(path.acme, wanted(REMOTE))).toMatchObject({ status: 404 });
    },
  );

  it('calls the tenants what the contracts call them', async () => {
    const [readycloud, ewarehousing] = CONTRACTS as [ServedContract, ServedContract];
    const shown = (tenant: Tenant, { path, wanted }: ServedContract) =>
      sample[tenant].post(path[tenant], wanted(REMOTE));
    expect((await shown('acme', readycloud)).body).toMatchObject({ url: '/api/v2/orgs/1/webhooks/1/' });
    expect((await shown('globex', readycloud)).body).toMatchObject({ url: '/api/v2/orgs/2/webhooks/2/' });
    const acme = { customer: 'be62c27e-2aac-4ac1-902e-f770d64f8dce' };
    const globex = { customer: '33a59408-c708-4da4-9f1f-50e87c968928' };
    expect((await shown('acme', ewarehousing)).body).toMatchObject(acme);
    expect((await shown('globex', ewarehousing)).body).toMatchObject(globex);
    expect(await sample.acme.get('/api/v2/orgs/acme/webhooks/')).toMatchObject({ status: 404 });
  });

  it('keeps keys out of the links to other pages', async () => {
    const [, { path, wanted }] = CONTRACTS as [ServedContract, ServedContract];
    for (let count = 0; count < 2; count++) await sample.acme.post(path.acme, wanted(REMOTE));
    const page = await sample.stranger.get<{ next: string }>(`${path.acme}?limit=1&bearer_token=acme-key`);
    expect(page.body.next).toBe(`${sample.url}/webhooks/?limit=1&page=2`);
  });
});

function subscriptionsIn({ body }: { body: object }): unknown[] {
  const { results, data } = body as { results?: unknown[]; data?: unknown[] };
  return results ?? data ?? [];
}
