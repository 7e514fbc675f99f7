/** The keys of the tenants, and what a contract calls the tenants. */
export const TENANTS = ['acme', 'globex'] as const;
export type Tenant = (typeof TENANTS)[number];

/** A contract as the sample serves it. */
export interface ServedContract {
  readonly name: string;
  /** Where a tenant's subscriptions are. */
  readonly path: Readonly<Record<Tenant, string>>;
  /** What makes a subscription. */
  readonly wanted: (url: string) => object;
  /** The path of a subscription that was made. */
  readonly item: (list: string, body: never) => string;
  /** How it says that it does not know the key. */
  readonly unknownKey: object;
  /** The status of what is not valid. */
  readonly invalid: number;
  readonly updates: boolean;
}

export const CONTRACTS: readonly ServedContract[] = [
  {
    name: 'ReadyCloud',
    path: { acme: '/api/v2/orgs/1/webhooks/', globex: '/api/v2/orgs/2/webhooks/' },
    wanted: (remote_url) => ({ remote_url, entity: 'orders' }),
    item: (_, { url }: { url: string }) => url,
    unknownKey: { detail: expect.any(String) as string },
    invalid: 400,
    updates: false,
  },
  {
    name: 'eWarehousing Solutions',
    path: { acme: '/webhooks/', globex: '/webhooks/' },
    wanted: (url) => ({ url, group: 'order', action: 'created', hash_secret: 'ABC12345' }),
    item: (list, { id }: { id: string }) => `${list}${id}/`,
    unknownKey: { code: 401, message: expect.any(String) as string },
    invalid: 400,
    updates: true,
  },
  {
    name: 'Pack.cloud',
    path: { acme: '/v1/organizations/acme/webhooks', globex: '/v1/organizations/globex/webhooks' },
    wanted: (endpoint) => ({ endpoint, event_code: 'order.created', secret: 'ABC12345' }),
    item: (list, { id }: { id: string }) => `${list}/${id}`,
    unknownKey: { message: expect.any(String) as string },
    invalid: 422,
    updates: true,
  },
];
