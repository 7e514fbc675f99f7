import { Clock } from '../../lib/shared/clock';
import { SubscriptionsRepository } from '../../lib/subscriptions/subscriptions.repository';
import { describeManagement } from './management-host';

const A_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

describe('Subscriptions over the management API', () => {
  describeManagement((host) => {
    const call = (route: string, body?: unknown) => host().call('acme', route, body);

    it('are made from a URL and topics, with everything else by default', async () => {
      const url = host().receiver.url('/hook');
      const { status, headers, body } = await call('POST /webhooks/subscriptions', { url, topics: ['order.*'] });
      expect(status).toBe(201);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        id: expect.stringMatching(/^sub_[0-9a-f]{32}$/) as string,
        url,
        topics: ['order.*'],
        filter: null,
        versions: null,
        format: null,
        order: null,
        rate: null,
        batch: null,
        headers: [],
        credentials: null,
        description: null,
        metadata: {},
        tenant: 'acme',
        enabled: true,
        suspendedAt: null,
        suspendedReason: null,
        createdAt: A_TIME,
        updatedAt: A_TIME,
        signature: 'v1',
        publicKey: null,
        secret: expect.stringMatching(SECRET) as string,
      });
    });

    it('show their secret to nobody but who makes them, and once', async () => {
      const { id, secret, ...rest } = await host().subscribe('acme');
      const answers = await Promise.all([
        call(`GET /webhooks/subscriptions/${id}`),
        call(`PATCH /webhooks/subscriptions/${id}`, {}),
        call(`POST /webhooks/subscriptions/${id}/resume`),
        call('GET /webhooks/subscriptions'),
      ]);
      expect(secret).toMatch(SECRET);
      expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('secret');
      expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(secret);
      expect(answers[0].body).toEqual({ id, ...rest });
    });

    it('go on signing with a secret that was brought along', async () => {
      const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
      expect(await host().subscribe('acme', { secret })).toMatchObject({ secret });
    });

    it('keep what they were told at the creation', async () => {
      const wanted = {
        description: 'Ours',
        metadata: { team: 'fulfilment' },
        enabled: false,
        topics: ['order.created'],
      };
      const { id } = await host().subscribe('acme', wanted);
      expect((await call(`GET /webhooks/subscriptions/${id}`)).body).toMatchObject(wanted);
    });

    it('change in what is given and stay as they are in the rest', async () => {
      const { id, url } = await host().subscribe('acme', { description: 'Ours', metadata: { team: 'fulfilment' } });
      const route = `/webhooks/subscriptions/${id}`;
      const changed = await call(`PATCH ${route}`, { topics: ['order.shipped'], description: null, enabled: false });
      expect(changed.status).toBe(200);
      expect(changed.body).toMatchObject({
        id,
        url,
        topics: ['order.shipped'],
        description: null,
        metadata: { team: 'fulfilment' },
        enabled: false,
      });
      expect((await call(`GET ${route}`)).body).toEqual(changed.body);
    });

    it('may name a topic twice, which counts once', async () => {
      const { id, topics } = await host().subscribe('acme', { topics: ['order.*', 'order.*'] });
      expect(topics).toEqual(['order.*']);
      const changed = await call(`PATCH /webhooks/subscriptions/${id}`, { topics: ['*', 'order.*', '*'] });
      expect(changed).toMatchObject({ status: 200, body: { topics: ['*', 'order.*'] } });
    });

    it('are gone when they are deleted', async () => {
      const { id } = await host().subscribe('acme');
      const deleted = await call(`DELETE /webhooks/subscriptions/${id}`);
      expect([deleted.status, deleted.body]).toEqual([204, null]);
      expect((await call(`GET /webhooks/subscriptions/${id}`)).status).toBe(404);
      expect((await call(`DELETE /webhooks/subscriptions/${id}`)).status).toBe(404);
    });

    it('say when and why they were suspended, until they are resumed', async () => {
      const { id } = await host().subscribe('acme');
      host().receiver.answers(410);
      await host().webhooks.publish('order.shipped', { account: 'acme' });
      await host().webhooks.idle();
      const route = `/webhooks/subscriptions/${id}`;
      expect((await call(`GET ${route}`)).body).toMatchObject({
        suspendedAt: A_TIME,
        suspendedReason: 'gone',
        enabled: true,
      });
      const resumed = await call(`POST ${route}/resume`);
      expect(resumed).toMatchObject({ status: 200, body: { id, suspendedAt: null, suspendedReason: null } });
    });

    it('stay as they are, to the time of their last change, when they are resumed without being suspended', async () => {
      const { id } = await host().subscribe('acme', { enabled: false });
      const route = `/webhooks/subscriptions/${id}`;
      const repository = host().app.get(SubscriptionsRepository);
      const before = { body: (await call(`GET ${route}`)).body, revision: await repository.revision() };
      jest.spyOn(host().app.get(Clock), 'now').mockReturnValue(Date.now() + 60_000);
      const resumed = await call(`POST ${route}/resume`);
      expect(resumed).toMatchObject({ status: 200, body: before.body });
      expect((await call(`GET ${route}`)).body).toEqual(before.body);
      expect(await repository.revision()).toBe(before.revision);
    });
  });
});
