import {
  Injectable,
  VersioningType,
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { packcloud, standard } from 'nestjs-webhooks/contracts';
import { describeContracts, KeyGuard } from './contracts-host';

@Injectable()
class Wrapping implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ wrapped: data })));
  }
}

@Injectable()
class Closed extends KeyGuard {
  override canActivate(): boolean {
    return false;
  }
}

const WANTED = { event_code: 'order.created', endpoint: 'https://example.com/hook', secret: 's' };

describe('A contract in a host with a prefix, versions and an interceptor that wraps answers', () => {
  const prepare = (app: INestApplication) => {
    app.setGlobalPrefix('shop');
    app.enableVersioning({ type: VersioningType.URI });
    app.useGlobalInterceptors(new Wrapping());
  };
  const contracts = [packcloud({ version: '7' }), standard({ guards: [Closed] })];
  describeContracts({ contracts, prepare, webhooks: { path: 'hooks' } }, (host) => {
    const path = '/shop/v7/v1/organizations/acme/webhooks';

    it('answers as it is documented', async () => {
      const { status, body } = await host().call(`POST ${path}`, WANTED);
      expect([status, Object.keys(body as object)[0]]).toEqual([201, 'id']);
      expect((await host().call('GET /shop/v1/organizations/acme/webhooks')).status).toBe(404);
    });

    it('answers what cannot be parsed in its own words', async () => {
      const type = { authorization: 'Bearer acme', 'content-type': 'application/json' };
      expect((await host().send(`POST ${path}`, type, '{')).text).toBe('{"message":"The body is not JSON."}');
      const elsewhere = await host().send('POST /shop/organizations/acme/webhooks', type, '{');
      expect(elsewhere.text).not.toBe('{"message":"The body is not JSON."}');
    });

    it('has guards of its own, whose refusal is in its own words', async () => {
      const refused = await host().call('GET /shop/hooks/subscriptions');
      expect([refused.status, refused.body]).toMatchObject([403, { type: 'about:blank', status: 403 }]);
      expect((await host().call('GET /shop/hooks/topics')).status).toBe(403);
    });
  });
});
