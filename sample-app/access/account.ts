import { createParamDecorator, ForbiddenException, type ExecutionContext } from '@nestjs/common';

/** Who is asking: a tenant, or with null the operator, who sees everybody's. */
export interface Account {
  readonly tenant: string | null;
}

/** A request that the {@link ApiKeyGuard} has let in. */
export interface AuthenticatedRequest {
  readonly headers: { readonly authorization?: string };
  readonly query: Readonly<Record<string, unknown>>;
  account: Account;
}

export const CurrentAccount = createParamDecorator(
  (_: unknown, context: ExecutionContext): Account => context.switchToHttp().getRequest<AuthenticatedRequest>().account,
);

/** The rows that an account may see, as TypeORM's `where`. */
export function visibleTo({ tenant }: Account): { tenant?: string } {
  return tenant === null ? {} : { tenant };
}

/** Whose a new row is: a tenant's own, or whoever the operator names; null is the platform's own. */
export function ownerFor(account: Account, named: string | null | undefined): string | null {
  if (account.tenant === null) return named ?? null;
  if (named === undefined || named === account.tenant) return account.tenant;
  throw new ForbiddenException('Only the operator may name another tenant.');
}
