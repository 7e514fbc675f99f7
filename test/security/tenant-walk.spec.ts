import { SubscriptionsRepository } from 'nestjs-webhooks';
import { ContractsHost } from '../contracts/contracts-host';
import { ADAPTERS } from '../http/management-host';
import { describeEachDatabase } from '../support/databases';
import { owners, plant, rowsOf, type Planted } from './planted';
import { RawClient, type RawAnswer, type RawRequest } from './raw-client';
import { contractAt, CONTRACTS, DESCRIBED_ROUTES, nameOf, TOPICS } from './served-contracts';
import { namesTenant, parametersOf, watchRoutes, type ServedRoute } from './served-routes';
import { namesOne, trespassesOn, type Trespasser } from './trespasses';

const REFUSALS = [400, 401, 403, 404, 405];

jest.setTimeout(240_000);

describe('Whoever walks every route of every contract with everything that is another tenant’s', () => {
  describeEachDatabase((database) => {
    // How a database keeps tenants apart is the same on both.
    const adapters = database.kind === 'sqlite' ? ADAPTERS : ADAPTERS.slice(1);
    describe.each(adapters)('over %s', (_, makeAdapter) => {
      let host: ContractsHost;
      let client: RawClient;
      let routes: ServedRoute[];
      const planted: Planted[] = [];

      beforeAll(async () => {
        const adapter = makeAdapter();
        const routesOf = watchRoutes(adapter);
        host = await ContractsHost.start(database, adapter, { contracts: CONTRACTS, topics: TOPICS });
        client = new RawClient(await host.app.getUrl());
        routes = routesOf(host.app);
        for (const tenant of ['globex', 'acme', null]) planted.push(await plant(host, tenant));
      });
      afterAll(async () => {
        client?.close();
        await host?.stop();
      });

      const victims = () => planted.filter(({ tenant }) => tenant !== 'globex');
      const victimsRows = async () => [await rowsOf(host, 'acme'), await rowsOf(host, null)];

      it('meets all that the contracts describe, and knows how to ask each route', () => {
        expect(routes.map(nameOf)).toEqual(expect.arrayContaining([...DESCRIBED_ROUTES]));
        const trespasser = { key: null, tenant: 'globex', victim: planted[1]! };
        expect(routes.filter((route) => trespassesOn(route, trespasser).length === 0)).toEqual([]);
      });

      it('is stopped by a route that nobody has thought of', () => {
        const trespasser = { key: null, tenant: 'globex', victim: planted[1]! };
        const ask = (path: string) => () => trespassesOn({ method: 'POST', path }, trespasser);
        expect(ask('/api/webhooks/replays/:replay')).toThrow('what to fill in for ":replay"');
        expect(ask('/elsewhere')).toThrow('The route /elsewhere belongs to no contract');
      });

      it.each<[who: string, key: string | null, on: (route: ServedRoute) => boolean]>([
        ['another tenant', 'globex', () => true],
        ['nobody', null, () => true],
        ['the operator, in another tenant’s place', 'operator', (route) => parametersOf(route).some(namesTenant)],
      ])('as %s, learns nothing and changes nothing', async (_who, key, on) => {
        const before = await victimsRows();
        const found: object[] = [];
        for (const victim of victims()) {
          for (const route of routes.filter(on)) {
            found.push(...(await objectionsTo(route, { key, tenant: 'globex', victim })));
          }
        }
        expect(found.slice(0, 5)).toEqual([]);
        expect(await victimsRows()).toEqual(before);
        expect((await owners(host)).sort()).toEqual(['acme', 'globex', null]);
      });

      async function objectionsTo(route: ServedRoute, trespasser: Trespasser): Promise<object[]> {
        const found: object[] = [];
        for (const request of trespassesOn(route, trespasser)) {
          // The operator is no stranger where the path says that it is the victim's.
          if (trespasser.key === 'operator' && request.path.includes(`/${trespasser.victim.tenant}/`)) continue;
          const answer = await client.send(request);
          const objection = await objectionTo(route, request, answer, trespasser);
          if (objection) found.push({ objection, ...request, status: answer.status, text: answer.text });
        }
        return found;
      }

      async function objectionTo(
        route: ServedRoute,
        request: RawRequest,
        { status, headers, text }: RawAnswer,
        { key, victim }: Trespasser,
      ): Promise<string | undefined> {
        const sent = decodeURIComponent(request.path) + (request.body ?? '').toString();
        const seen = text + JSON.stringify(headers);
        const shown = victim.marks.find((mark) => seen.includes(mark) && !sent.includes(mark));
        if (shown !== undefined) return `shows ${shown}`;
        if (status >= 500) return 'fails';
        if ((namesOne(route) || key === null) && !REFUSALS.includes(status)) return 'does not refuse';
        const { count } = parsed(text);
        if (count === undefined) return undefined;
        const mine = { tenant: 'globex', contract: contractAt(route.path) };
        const own = await host.app.get(SubscriptionsRepository).count(mine);
        return count === own ? undefined : `counts ${count} where ${own} are its own`;
      }
    });
  });
});

function parsed(text: string): { readonly count?: number } {
  try {
    return (JSON.parse(text || '{}') ?? {}) as { count?: number };
  } catch {
    return {};
  }
}
