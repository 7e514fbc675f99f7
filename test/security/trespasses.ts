import { idsOf, type Planted } from './planted';
import type { RawRequest } from './raw-client';
import { contractAt, VALID_BODIES } from './served-contracts';
import { parametersOf, type ServedRoute } from './served-routes';

/** Who walks, and whose things it is after. */
export interface Trespasser {
  readonly key: string | null;
  /** The tenant that the key is. */
  readonly tenant: string;
  readonly victim: Planted;
}

type Fill = (trespasser: Trespasser) => readonly string[];

const SUBSCRIPTION: Fill = ({ victim }) => idsOf(victim);
/** The victim's own place, and the trespasser's with what is the victim's in it. */
const ORGANIZATION: Fill = ({ victim, tenant }) => [victim.tenant ?? 'null', tenant];

/** What goes into each parameter that a path can have. */
const PARAMETERS: Readonly<Record<string, Fill>> = {
  id: SUBSCRIPTION,
  webhook_pk: SUBSCRIPTION,
  webhookId: SUBSCRIPTION,
  org_pk: ORGANIZATION,
  organizationId: ORGANIZATION,
  // Topics are the host's, and everybody's to see.
  name: () => ['order.created'],
};
const NAMING_ONE = ['id', 'webhook_pk', 'webhookId'];

/** Whether a route names one thing, which then has to be the victim's. */
export function namesOne(route: ServedRoute): boolean {
  return parametersOf(route).some((name) => NAMING_ONE.includes(name));
}

/** Every way to ask a route for what is the victim's. @throws Error for a route that nobody has thought of yet */
export function trespassesOn(route: ServedRoute, trespasser: Trespasser): RawRequest[] {
  const { key } = trespasser;
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const paths = pathsOf(route, trespasser);
  if (['POST', 'PUT', 'PATCH'].includes(route.method)) {
    const json = { ...headers, 'content-type': 'application/json' };
    const bodies = bodiesFor(route, trespasser).map((body) => JSON.stringify(body));
    return paths.flatMap((path) => bodies.map((body) => ({ method: route.method, path, headers: json, body })));
  }
  const queries = namesOne(route) ? [''] : queriesFor(trespasser);
  return paths.flatMap((path) => queries.map((query) => ({ method: route.method, path: path + query, headers })));
}

function pathsOf(route: ServedRoute, trespasser: Trespasser): string[] {
  return parametersOf(route).reduce(
    (paths, name) => {
      const fill = PARAMETERS[name];
      if (!fill) throw new Error(`The walk does not know what to fill in for ":${name}" of ${route.path}.`);
      return fill(trespasser).flatMap((value) => paths.map((path) => path.replace(`:${name}`, value)));
    },
    [route.path],
  );
}

function queriesFor({ victim, tenant }: Trespasser): string[] {
  const name = victim.tenant ?? 'null';
  const [subscription] = victim.subscriptions;
  return [
    '',
    ...[name, `${name}&tenant=${tenant}`, ''].map((each) => `?tenant=${each}`),
    `?tenant[]=${name}&customer=${name}&organizationId=${name}&org_pk=${name}`,
    ...[subscription!.id, ...victim.eventIds, ...victim.deliveryIds].map((cursor) => `?cursor=${cursor}&limit=250`),
    `?subscription=${subscription!.id}`,
    ...victim.eventIds.map((event) => `?event=${event}&state=delivered`),
    '?topic=order.created',
    '?limit=100&offset=0&page=1&sort=url&direction=asc',
    '?from=2000-01-01&to=2100-01-01',
  ];
}

function bodiesFor({ path }: ServedRoute, { victim }: Trespasser): Record<string, unknown>[] {
  const { tenant, subscriptions } = victim;
  const valid = VALID_BODIES[contractAt(path)]!('https://example.com/hooks');
  const naming = { customer: tenant, organizationId: tenant, org_pk: tenant, contract: 'standard', secrets: ['mine'] };
  const whole = { id: subscriptions[0]!.id, number: subscriptions[0]!.number, acrossTenants: true, across_tenants: 1 };
  return [valid, { ...valid, tenant }, { ...valid, tenant, ...naming, ...whole }, {}];
}
