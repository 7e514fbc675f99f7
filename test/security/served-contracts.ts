import { defineTopic, type Contract } from 'nestjs-webhooks';
import { ewarehousing, packcloud, readycloud, standard } from 'nestjs-webhooks/contracts';
import type { ServedRoute } from './served-routes';

export const OrderCreated = defineTopic('order.created');
export const TOPICS = [OrderCreated, defineTopic('order.updated'), defineTopic('order.shipped')];

/** All that we deliver, with every route that they can have, each below a path of its own. */
export const CONTRACTS: readonly Contract[] = [
  standard({ path: 'api/webhooks' }),
  readycloud({ updates: true }),
  ewarehousing(),
  packcloud(),
];

/** A body that makes a subscription, for each contract. */
export const VALID_BODIES: Readonly<Record<string, (url: string) => Record<string, unknown>>> = {
  standard: (url) => ({ url, topics: ['order.created'], description: 'mine', metadata: { team: 'a' }, enabled: true }),
  readycloud: (url) => ({ remote_url: url.replace('http:', 'https:'), entity: 'orders' }),
  ewarehousing: (url) => ({
    url: url.replace('http:', 'https:'),
    group: 'order',
    action: 'created',
    hash_secret: 'a secret of mine',
  }),
  packcloud: (url) => ({ endpoint: url, event_code: 'order.created', secret: 'a secret of mine', enabled: true }),
};

const PREFIXES: readonly (readonly [prefix: string, contract: string])[] = [
  ['/api/webhooks/', 'standard'],
  ['/api/v2/orgs/', 'readycloud'],
  ['/webhooks', 'ewarehousing'],
  ['/v1/organizations/', 'packcloud'],
];

const OPERATING = ['topics', 'topics/:name', 'asyncapi.json', 'events', 'events/:id', 'deliveries', 'deliveries/:id'];

/** Every route that does something, as `GET /webhooks/:id`, without a slash at its end. */
export const DESCRIBED_ROUTES: readonly string[] = [
  ...CONTRACTS.flatMap(({ description, routes }) =>
    routes.map(({ method, path }) => nameOf({ method, path: `/${description.path}/${path}` })),
  ),
  ...OPERATING.map((path) => `GET /api/webhooks/${path}`),
];

export function nameOf({ method, path }: ServedRoute): string {
  return `${method} ${path.replace(/\/$/, '')}`;
}

/** The contract that a route belongs to; the operating endpoints are the standard one's. @throws Error for a stranger */
export function contractAt(path: string): string {
  const found = PREFIXES.find(([prefix]) => path.startsWith(prefix));
  if (found) return found[1];
  throw new Error(`The route ${path} belongs to no contract that test/security/served-contracts.ts knows.`);
}
