import { Get, Req } from '@nestjs/common';
import { publicKeysView, PublicKeysView } from '../contracts/standard/jwks.view';
import { ListPublicKeysDto } from '../contracts/standard/list.dto';
import { apiTag } from '../contracts/generated/openapi';
import { PublicKeys } from '../subscriptions/public-keys';
import { callerOf, scopeOf, tenantFor } from './caller';
import type { HttpRequest } from './http-request';
import { Operating } from './operating-documentation';
import { validQuery } from './request-validation';

/** The route of public keys. */
@apiTag('Webhook public keys')
export class JwksController {
  constructor(private readonly keys: PublicKeys) {}

  @Get()
  @Operating({
    id: 'listWebhookPublicKeys',
    summary: 'List the public keys that deliveries are signed for',
    description:
      'A JWK Set (RFC 7517) of the subscriptions with key pairs: the newest key of each, and those before it that still sign.',
    query: ListPublicKeysDto,
    answer: PublicKeysView,
    problems: [400, 403],
  })
  async list(@Req() request: HttpRequest): Promise<PublicKeysView> {
    const { tenant } = await validQuery(request.query, ListPublicKeysDto);
    const scope = scopeOf({ tenant: tenantFor(callerOf(request), tenant) });
    return publicKeysView(await this.keys.list(scope.tenant));
  }
}
