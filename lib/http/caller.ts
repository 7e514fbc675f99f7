import { WebhooksError } from '../shared/webhooks.error';

/** Who is asking: a tenant, or with null the operator, who sees and may do everything. */
export interface Caller {
  readonly tenant: string | null;
}

/** Thrown when a tenant names another tenant, or nobody. */
export class ForeignTenantError extends WebhooksError {
  override readonly code = 'WEBHOOKS_FOREIGN_TENANT';
  override readonly status = 403;
}

// Not a property of the request, where the host's own code could be in the way.
const callers = new WeakMap<object, Caller>();

export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** Who makes a request, as the TenantGuard has found out. */
export function callerOf(request: object): Caller {
  const caller = callers.get(request);
  if (caller) return caller;
  throw new Error('The TenantGuard has not seen this request.');
}

/** What the caller may touch; no tenant in it is everybody's. */
export function scopeOf({ tenant }: Caller): { tenant?: string } {
  return tenant === null ? {} : { tenant };
}

/** Whether the caller may see what belongs to `owner`. */
export function maySee(caller: Caller, owner: string | null): boolean {
  return caller.tenant === null || caller.tenant === owner;
}

/**
 * Whom an operation is for when the caller names a tenant: the operator may name any, a tenant only itself.
 * @throws ForeignTenantError
 */
export function tenantFor(caller: Caller, named: string | null | undefined): string | null {
  if (caller.tenant === null) return named ?? null;
  if (named === undefined || named === caller.tenant) return caller.tenant;
  throw new ForeignTenantError('Only the operator may name another tenant than its own. Leave "tenant" out.');
}
