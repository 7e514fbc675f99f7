import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { standardWebhooks } from 'nestjs-webhooks';
import {
  createdAt,
  defineContract,
  del,
  disabledAt,
  get,
  hostTopics,
  identifier,
  localTime,
  patch,
  post,
  seconds,
  standardErrors,
  suspendedReason,
  topics,
  url,
  enabled,
  validationToken,
} from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const graph = defineContract({
  name: 'graph',
  path: 'v1.0/subscriptions',
  operations: { create: post(), read: get(':id'), update: patch(':id'), remove: del(':id') },
  fields: {
    id: identifier(),
    notificationUrl: url(),
    resources: topics(hostTopics, { default: ['*'] }),
    on: enabled({ resumes: true }),
    offSince: disabledAt(seconds),
    reason: suspendedReason(),
    createdLocal: createdAt(localTime('Europe/Amsterdam')),
    createdGmt: createdAt(seconds),
  },
  errors: standardErrors,
  delivery: {
    body: ({ payload }) => payload,
    signature: standardWebhooks(),
    handshake: validationToken({ parameter: 'validationToken', required: true }),
  },
});

describe('A validation token that has to be echoed', () => {
  let server: Server;
  const asked: string[] = [];
  let knowsToken = true;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
      const token = searchParams.get('validationToken');
      response.end(knowsToken && pathname === '/echo' ? token : 'something else');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  describeContracts({ contracts: [graph] }, (host) => {
    const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const create = (path: string) => host().call('POST /v1.0/subscriptions', { notificationUrl: at(path) });

    it('lets a subscription be made whose endpoint answers it', async () => {
      const { status, body } = await create('/echo?key=1');
      expect(status).toBe(201);
      expect(body).toMatchObject({
        resources: ['*'],
        on: true,
        offSince: null,
        reason: null,
        createdLocal: '2025-01-01T01:00:00',
        createdGmt: '2025-01-01T00:00:00Z',
      });
      expect(asked.at(-1)).toMatch(/^\/echo\?key=1&validationToken=[0-9a-f]{32}$/);
    });

    it('keeps a subscription from being made, or from being moved, where it is not answered', async () => {
      const { status, body } = await create('/other');
      expect([status, body]).toMatchObject([
        422,
        {
          code: 'WEBHOOKS_HANDSHAKE_FAILED',
          errors: [{ field: 'notificationUrl', message: 'The endpoint did not answer with the validation token.' }],
        },
      ]);
      const { id } = (await create('/echo')).body as { id: string };
      const moved = await host().call(`PATCH /v1.0/subscriptions/${id}`, { notificationUrl: at('/other') });
      expect(moved.status).toBe(422);
      const { body: now } = await host().call(`GET /v1.0/subscriptions/${id}`);
      expect(now).toMatchObject({ notificationUrl: at('/echo'), reason: null });
      expect((await host().subscriptions.list()).data).toHaveLength(2);
    });

    it('is asked again where the owner turns on what the system turned off', async () => {
      const { id } = (await create('/echo')).body as { id: string };
      await host().subscriptions.suspend(await host().subscriptions.get(id), 'gone');
      const turnOn = async () => (await host().call(`PATCH /v1.0/subscriptions/${id}`, { on: true })).body;
      knowsToken = false;
      const reason = 'unverified: The endpoint did not answer with the validation token.';
      expect(await turnOn()).toMatchObject({ on: true, reason });
      knowsToken = true;
      expect(await turnOn()).toMatchObject({ on: true, reason: null });
      const before = asked.length;
      expect(await turnOn()).toMatchObject({ on: true, reason: null });
      expect(asked).toHaveLength(before);
    });

    it('is not asked for what does not concern the endpoint', async () => {
      const { id } = (await create('/echo')).body as { id: string };
      const before = asked.length;
      const changed = await host().call(`PATCH /v1.0/subscriptions/${id}`, { on: false });
      expect(changed.body).toMatchObject({ on: false, offSince: '2025-01-01T00:00:00Z' });
      expect(asked).toHaveLength(before);
    });
  });
});
