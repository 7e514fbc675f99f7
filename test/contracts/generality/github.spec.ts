import { createHmac } from 'node:crypto';
import { defineTopic } from 'nestjs-webhooks';
import { describeContracts } from '../contracts-host';
import { github } from './github.contract';

const Push = defineTopic('push');
const HOOKS = '/repos/octo/hello/hooks';

describe('A contract like that of GitHub', () => {
  describeContracts({ contracts: [github()], topics: [Push] }, (host) => {
    const call = (route: string, body?: unknown) => host().call(route, body, 'operator');
    const create = async (config: object = {}, rest: object = {}) => {
      const url = host().receiver.url('/payload');
      return call(`POST ${HOOKS}`, {
        name: 'web',
        config: { url, content_type: 'json', secret: 's3cret', ...config },
        ...rest,
      });
    };

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      host().receiver.clear();
    });

    it('nests the URL and masks the secret, once the ping was answered with 200', async () => {
      host().receiver.answers(200);
      const { status, body } = await create();
      expect(status).toBe(201);
      expect(body).toEqual({
        type: 'Repository',
        id: expect.any(Number) as number,
        name: 'web',
        active: true,
        events: ['push'],
        config: { content_type: 'json', insecure_ssl: '0', url: host().receiver.url('/payload'), secret: '********' },
        updated_at: '2025-01-01T00:00:00Z',
        created_at: '2025-01-01T00:00:00Z',
      });
      const [ping] = host().receiver.requests;
      const signature = createHmac('sha256', 's3cret').update(ping!.body).digest('hex');
      expect(ping!.headers).toMatchObject({ 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${signature}` });
      expect(JSON.parse(ping!.body)).toMatchObject({
        hook_id: (body as { id: number }).id,
        hook: { events: ['push'] },
      });
    });

    it('delivers the payload to hooks that passed, and nothing to those that did not until they do', async () => {
      host().receiver.answers(404).then(200);
      const { id } = (await create()).body as { id: number };
      await host().webhooks.publish(Push, { ref: 'main' }, { tenant: 'octo/hello' });
      await host().webhooks.idle();
      expect(host().receiver).toHaveBeenTried(1);
      const [subscription] = (await host().subscriptions.list()).data;
      expect(subscription!.suspendedReason).toBe('unverified: The endpoint answered the ping with 404.');
      expect((await call(`POST ${HOOKS}/${id}/pings`)).status).toBe(204);
      await host().webhooks.publish(Push, { ref: 'main' }, { tenant: 'octo/hello' });
      await host().webhooks.idle();
      expect(host().receiver.requests[2]).toMatchObject({
        body: '{"ref":"main"}',
        headers: { 'x-github-event': 'push' },
      });
    });

    it('asks the new endpoint when the URL changes, and not for anything else', async () => {
      host().receiver.answers(200);
      const { id } = (await create()).body as { id: number };
      await call(`PATCH ${HOOKS}/${id}`, { active: false, events: ['issues'] });
      expect(host().receiver).toHaveBeenTried(1);
      const changed = await call(`PATCH ${HOOKS}/${id}`, { config: { url: host().receiver.url('/other') } });
      expect(host().receiver.requests[1]!.path).toBe('/other');
      expect(changed.body).toMatchObject({ active: false, events: ['issues'], config: { content_type: 'json' } });
    });

    it('lists a bare array, page by page, with links in a header', async () => {
      host().receiver.answers(200);
      for (let count = 0; count < 3; count++) await create();
      const { body, headers } = await call(`GET ${HOOKS}?per_page=1&page=2`);
      const url = `${await host().app.getUrl()}${HOOKS}?per_page=1&page=`;
      expect(body).toHaveLength(1);
      expect(headers.get('link')).toBe(
        `<${url}1>; rel="prev", <${url}3>; rel="next", <${url}3>; rel="last", <${url}1>; rel="first"`,
      );
      expect((await call(`GET ${HOOKS}`)).headers.get('link')).toBeNull();
      expect((await call('GET /repos/octo/other/hooks')).body).toEqual([]);
    });

    it('says what is wrong inside the nested object', async () => {
      const { status, body } = await call(`POST ${HOOKS}`, { config: { content_type: 'xml' } });
      expect(status).toBe(422);
      expect(body).toMatchObject({
        message: 'Validation Failed',
        errors: [
          { resource: 'Hook', code: 'invalid', field: 'config.content_type' },
          { resource: 'Hook', code: 'missing_field', field: 'config.url' },
        ],
      });
      expect((await call(`POST ${HOOKS}`, {})).body).toMatchObject({
        errors: [{ code: 'missing_field', field: 'config' }],
      });
    });
  });
});
