import { inspect } from 'node:util';
import type { TenantOption } from '../contracts/scopes';
import { isTenant } from '../shared/tenant';
import { WebhooksError } from '../shared/webhooks.error';
import type { Caller } from './caller';

const OPERATOR: Caller = { tenant: null };

/** Thrown when the host's `tenant` option does not say whose a request is. */
export class UnknownTenantError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNKNOWN_TENANT';
  override readonly status = 403;
}

/** Finds out who is asking. */
export class TenantResolver {
  /** @param tenant the host's option; without it the host has no tenants, and everybody is the operator */
  constructor(private readonly tenant?: TenantOption) {}

  /** @throws UnknownTenantError, and whatever the host's function throws */
  async callerOf(request: unknown): Promise<Caller> {
    if (this.tenant === undefined) return OPERATOR;
    const tenant: unknown = await this.tenant(request);
    if (tenant === null) return OPERATOR;
    if (isTenant(tenant)) return { tenant };
    throw new UnknownTenantError(
      `Expected the "tenant" option of WebhooksModule to give the id of a tenant, or null for the operator, ` +
        `got ${kindOf(tenant)}. Nobody is taken for the operator by mistake, so the request is refused.`,
    );
  }
}

/** Says enough to find the mistake and shows nobody what the host has on its requests. */
function kindOf(value: unknown): string {
  if (value === undefined || value === '') return inspect(value);
  if (typeof value !== 'string') return `a value of type ${typeof value}`;
  return 'a text that is too long, has a NUL character in it or white space at an end';
}
