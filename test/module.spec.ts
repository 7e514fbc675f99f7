import { Injectable, Module, type CanActivate } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  axiosTransport,
  defineTopic,
  WebhooksModule,
  WebhooksService,
  type WebhooksOptions,
  type WebhooksStructure,
} from 'nestjs-webhooks';

class Payload {
  id!: string;
}

const database = TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:', retryAttempts: 0 });
const open = { allowUnauthenticated: true };

async function boot(...imports: NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>) {
  const module = await Test.createTestingModule({ imports: [database, ...imports] }).compile();
  const app = module.createNestApplication({ logger: false });
  await app.init();
  return app;
}

describe('WebhooksModule', () => {
  it('refuses to serve management routes without a guard', () => {
    expect(() => WebhooksModule.forRoot({})).toThrow('The management routes have no guard');
    expect(() => WebhooksModule.forRoot()).toThrow('The management routes have no guard');
    expect(() => WebhooksModule.forFeature({ entites: [] } as never)).toThrow('got "entites"');
  });

  it.each<[string, WebhooksStructure, string]>([
    ['guards', { guards: 'ApiKeyGuard' as never }, "Expected guards to be a list of guards, got 'ApiKeyGuard'"],
    ['path', { ...open, path: '/webhooks/' }, 'Expected path to be a path such as "webhooks"'],
    [
      'tablePrefix',
      { ...open, tablePrefix: 'x"; DROP TABLE' },
      'Expected tablePrefix to be at most 25 lower-case letters',
    ],
    ['tenant', { ...open, tenant: 'acme' as never }, "Expected tenant to be a function of the request, got 'acme'"],
  ])('refuses a wrong %s at once', (_, structure, message) => {
    expect(() => WebhooksModule.forRoot(structure)).toThrow(message);
  });

  it.each<[string, WebhooksOptions, string]>([
    ['slots', { slots: 0 }, 'Expected slots to be a whole number from 1 to 10000, got 0.'],
    ['leaseMs', { leaseMs: 10 }, 'Expected leaseMs to be a whole number from 1000'],
    ['attemptTimeoutMs', { attemptTimeoutMs: '15s' as never }, 'Expected attemptTimeoutMs to be a whole number from 1'],
    ['transport', { transport: 'undici' as never }, 'Expected transport to be a function such as axiosTransport()'],
    ['transport', { transport: (() => axiosTransport) as never }, 'Expected transport to make a Transport'],
    ['schema', { schema: 'sync' as never }, "Expected schema to be 'migrate' or 'verify', got 'sync'."],
    ['retry.schedule', { retry: { schedule: ['soon' as never] } }, 'Expected retry.schedule to be waits'],
    ['limits.subscriptionsPerTenant', { limits: { subscriptionsPerTenant: -1 } }, 'to be a whole number from 0'],
    ['limits.topicsPerSubscription', { limits: { topicsPerSubscription: 101 } }, 'a whole number from 1 to 100'],
    ['limits', { limits: { topics: 1 } } as never, 'no option "limits.topics"'],
    ['network.allow', { network: { allow: ['10.0.0.0/99'] } }, '10.0.0.0/99'],
    [
      'encryptionKeys',
      { encryptionKeys: 'key' as never },
      'Expected encryptionKeys to be a list of keys, got a value of',
    ],
    [
      'key',
      { encryptionKeys: [undefined as never] },
      'Expected encryptionKeys[0] to be the base64 of 32 random bytes, got a value of type undefined. Make one with: openssl',
    ],
    ['nested option', { network: { alow: [] } } as never, 'no option "network.alow" (did you mean "allow"?)'],
    ['unknown option', { slotz: 3 } as never, 'WebhooksModule has no option "slotz" (did you mean "slots"?).'],
  ])('refuses a wrong %s at boot', async (_, options, message) => {
    await expect(boot(WebhooksModule.forRoot({ ...open, ...options }))).rejects.toThrow(message);
  });

  it('refuses a malformed topic and a topic that is registered twice', async () => {
    expect(() => defineTopic('order shipped', Payload)).toThrow("Expected a topic's name to be words");
    const feature = WebhooksModule.forFeature({
      topics: [defineTopic('order.shipped', Payload), defineTopic('order.shipped', Payload)],
    });
    await expect(boot(WebhooksModule.forRoot(open), feature)).rejects.toThrow('"order.shipped" is registered twice');
  });

  it('refuses an entity that the data source does not have', async () => {
    const feature = WebhooksModule.forFeature({ entities: [Payload] });
    await expect(boot(WebhooksModule.forRoot(open), feature)).rejects.toThrow('is not an entity of the data source');
  });

  it('refuses tables that are not up to date when it may only verify them', async () => {
    await expect(boot(WebhooksModule.forRoot({ ...open, schema: 'verify' }))).rejects.toThrow('are not up to date');
  });

  it('takes its options from other providers, and guards that need modules of their own', async () => {
    @Injectable()
    class Keys {
      readonly limit = 1_024;
    }
    @Module({ providers: [Keys], exports: [Keys] })
    class KeysModule {}
    @Injectable()
    class KeyGuard implements CanActivate {
      constructor(readonly keys: Keys) {}
      canActivate(): boolean {
        return this.keys.limit > 0;
      }
    }
    const app = await boot(
      WebhooksModule.forRootAsync({
        guards: [KeyGuard],
        imports: [KeysModule],
        inject: [Keys],
        useFactory: (keys: unknown) => ({ payloadLimitBytes: (keys as Keys).limit }),
      }),
      WebhooksModule.forFeature({ topics: [defineTopic('order.shipped', Payload)] }),
    );
    const publication = app.get(WebhooksService).publish('order.shipped' as never, { id: 'x'.repeat(2_000) } as never);
    await expect(publication).rejects.toThrow('at most 1024 are accepted');
    await app.close();
  });
});
