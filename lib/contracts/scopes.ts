import { isTenant } from '../shared/tenant';

/** Whose objects a request may see: a tenant's id, or null for the operator. The request is the HTTP adapter's own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- only the host knows what its guards put on a request
export type TenantOption = (request: any) => string | null | Promise<string | null>;

/** What a contract calls tenants, where that differs from what the host calls them. */
export type TenantNames =
  | Readonly<Record<string, string>>
  | {
      /** @returns undefined when nobody has the name */
      readonly tenantOf: (name: string) => string | undefined;
      readonly nameOf: (tenant: string) => string;
    };

/** Whose subscriptions a request is about. */
export interface ContractScope {
  /** The parameters of the path that say so. */
  readonly parameters: readonly string[];
  /**
   * The tenant, or null for everybody's; undefined when there is nothing there for this caller.
   * @param caller the tenant that asks; null for the operator, who may look anywhere
   */
  tenantOf(parameters: Readonly<Record<string, string>>, caller: string | null): string | null | undefined;
  /** What the contract calls a tenant. */
  nameOf(tenant: string): string;
}

/** The scope is whoever asks: the path says nothing of it. */
export function caller(names: TenantNames = {}): ContractScope {
  return { parameters: [], tenantOf: (_, asking) => asking, nameOf: directory(names).nameOf };
}

/** The scope stands in the path, and callers find there what is theirs. */
export function pathParameter(parameter: string, names: TenantNames = {}): ContractScope {
  return pathParameters([parameter], names);
}

/** The scope stands in several parameters of the path; the name of the tenant is theirs with `/` between. */
export function pathParameters(parameters: readonly string[], names: TenantNames = {}): ContractScope {
  const { tenantOf, nameOf } = directory(names);
  return {
    parameters,
    nameOf,
    tenantOf: (given, asking) => {
      const tenant = tenantOf(parameters.map((parameter) => given[parameter] ?? '').join('/'));
      return isTenant(tenant) && (asking === null || asking === tenant) ? tenant : undefined;
    },
  };
}

function directory(names: TenantNames): {
  tenantOf: (name: string) => string | undefined;
  nameOf: (tenant: string) => string;
} {
  if (hasFunctions(names)) return names;
  const tenants = new Map(Object.entries(names).map(([tenant, name]) => [name, tenant]));
  // Not both ways: a tenant that has a name of its own is not found by the host's.
  const tenantOf = (name: string) => tenants.get(name) ?? (Object.hasOwn(names, name) ? undefined : name);
  return { tenantOf, nameOf: (tenant) => (Object.hasOwn(names, tenant) ? names[tenant]! : tenant) };
}

function hasFunctions(names: TenantNames): names is Extract<TenantNames, { tenantOf: unknown }> {
  return typeof names.tenantOf === 'function';
}
