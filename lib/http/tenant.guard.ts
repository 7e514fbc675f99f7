import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { rememberCaller } from './caller';
import type { TenantResolver } from './tenant-resolver';

/** Finds out who is asking, after the host's own guards and before anything else of a request is looked at. */
export class TenantGuard implements CanActivate {
  constructor(private readonly tenants: TenantResolver) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<object>();
    rememberCaller(request, await this.tenants.callerOf(request));
    return true;
  }
}
