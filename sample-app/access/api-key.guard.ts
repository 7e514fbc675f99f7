import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Account, AuthenticatedRequest } from './account';

// A real host has a table.
const ACCOUNTS = new Map<string, Account>([
  ['acme-key', { tenant: 'acme' }],
  ['globex-key', { tenant: 'globex' }],
  ['operator-key', { tenant: null }],
]);

/** Lets in whoever sends a known key, and notes on the request whose key it is. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const account = ACCOUNTS.get(bearerOf(request));
    if (!account) throw new UnauthorizedException('Send a known key, such as "Authorization: Bearer acme-key".');
    request.account = account;
    return true;
  }
}

function bearerOf({ headers }: AuthenticatedRequest): string {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}
