import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Account, AuthenticatedRequest } from './account';

// A real host has a table.
const ACCOUNTS = new Map<unknown, Account>([
  ['acme-key', { tenant: 'acme' }],
  ['globex-key', { tenant: 'globex' }],
  ['operator-key', { tenant: null }],
]);

/** Where a key may stand in a URL. */
export const KEY_PARAMETER = 'bearer_token';

/** Lets in whoever sends a known key, in a header or in the URL, and notes on the request whose key it is. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const account = ACCOUNTS.get(keyOf(request));
    if (!account) throw new UnauthorizedException('Send a known key, such as "Authorization: Bearer acme-key".');
    request.account = account;
    return true;
  }
}

// A header that is no key is not made good by one in the URL.
function keyOf({ headers, query }: AuthenticatedRequest): unknown {
  const { authorization } = headers;
  return authorization === undefined ? query[KEY_PARAMETER] : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}
