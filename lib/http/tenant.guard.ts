import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { rememberCaller } from './caller';
import { TenantResolver } from './tenant-resolver';

/** Finds out who is asking, after the host's own guards and before anything else of a request is looked at. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(private readonly tenants: TenantResolver) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<object>();
    rememberCaller(request, await this.tenants.callerOf(request));
    return true;
  }
}
