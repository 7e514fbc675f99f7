import { defineTopic } from 'nestjs-webhooks';
import { topicFlag, namedTopics } from 'nestjs-webhooks/contracts';
import { describeContracts } from '../contracts-host';
import { gitlab } from './gitlab.contract';

const Pushed = defineTopic('branch.updated');
const Opened = defineTopic('issues');
const PATH = '/api/v4/projects/acme/hooks';
const NONE = { tag_push_events: false, issues_events: false, merge_requests_events: false };

describe('A contract like that of GitLab', () => {
  const contracts = [gitlab({ push: ['branch.updated', 'branch.removed'] })];
  describeContracts({ contracts, topics: [Pushed, Opened] }, (host) => {
    const create = async (wanted: object = {}) => {
      const hook = { url: host().receiver.url('/hook'), token: 's3cret', ...wanted };
      const { status, body } = await host().call(`POST ${PATH}`, hook);
      expect(status).toBe(201);
      return body as { id: number };
    };
    const change = async ({ id }: { id: number }, wanted: object) => host().call(`PUT ${PATH}/${id}`, wanted);

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      host().receiver.clear();
    });

    it('says each event by a switch of its own, of which a change leaves the others alone', async () => {
      const hook = await create({ issues_events: true });
      expect(hook).toEqual({
        id: hook.id,
        url: host().receiver.url('/hook'),
        name: null,
        description: null,
        project_id: 'acme',
        ...NONE,
        push_events: true,
        issues_events: true,
        enable_ssl_verification: true,
        alert_status: 'executable',
        disabled_until: null,
        created_at: '2025-01-01T00:00:00.000Z',
        custom_headers: [],
      });
      const { body } = await change(hook, { push_events: false, merge_requests_events: true });
      expect(body).toMatchObject({ ...NONE, push_events: false, issues_events: true, merge_requests_events: true });
      expect((await change(hook, { name: 'Ours' })).body).toMatchObject({ name: 'Ours', issues_events: true });
      const [{ topics } = { topics: [] }] = (await host().subscriptions.list()).data;
      expect([...topics].sort()).toEqual(['issues', 'merge_requests']);
    });

    it('delivers what is switched on, with the token as it is and the headers of the caller', async () => {
      const custom_headers = [{ key: 'X-Team', value: 'ours' }];
      expect(await create({ custom_headers })).toMatchObject({ custom_headers: [{ key: 'X-Team' }] });
      await host().webhooks.publish(Opened, {}, { tenant: 'acme' });
      await host().webhooks.publish(Pushed, { ref: 'main' }, { tenant: 'acme' });
      await host().webhooks.idle();
      expect(host().receiver.requests).toMatchObject([
        {
          body: '{"ref":"main"}',
          headers: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': 's3cret', 'x-team': 'ours' },
        },
      ]);
    });

    it.each([
      [{ custom_headers: { 'X-Team': 'ours' } }, 'a list of at most 20 objects with "key" and "value"'],
      [{ custom_headers: [{ key: 'X-Team' }] }, 'a list of at most 20 objects with "key" and "value"'],
      [{ custom_headers: [{ key: 'Host', value: 'x' }] }, 'none that frame the request'],
      [{ issues_events: 'perhaps' }, 'issues_events must be true or false'],
      [{ push_events: false }, 'at least one topic is needed'],
    ])('refuses %j', async (wanted, message) => {
      const { status, body } = await host().call(`POST ${PATH}`, { url: host().receiver.url(), ...wanted });
      expect([400, 422]).toContain(status);
      expect((body as { error: string }).error).toContain(message);
    });

    it('lists a bare array, with the page, its size and the total in headers', async () => {
      for (let count = 0; count < 3; count++) await create();
      const { body, headers } = await host().call(`GET ${PATH}?per_page=2&page=2`);
      expect(body).toHaveLength(1);
      const named = ['x-page', 'x-per-page', 'x-total', 'x-total-pages'].map((name) => headers.get(name));
      expect(named).toEqual(['2', '2', '3', '2']);
    });

    it('takes forms as well, and turns on again what it has disabled when it is tested', async () => {
      const type = { authorization: 'Bearer acme', 'content-type': 'application/x-www-form-urlencoded' };
      const form = new URLSearchParams({
        url: host().receiver.url('/form'),
        push_events: 'false',
        issues_events: 'true',
      });
      const { body } = await host().send(`POST ${PATH}`, type, String(form));
      expect(body).toMatchObject({ url: host().receiver.url('/form'), push_events: false, issues_events: true });
      const [subscription] = (await host().subscriptions.list()).data;
      await host().subscriptions.suspend(subscription!, 'failing');
      const hook = `${PATH}/${(body as { id: number }).id}`;
      expect((await host().call(`GET ${hook}`)).body).toMatchObject({ alert_status: 'disabled' });
      const tested = await host().call(`POST ${hook}/test/push_events`);
      expect([tested.status, tested.body]).toEqual([201, { message: '201 Created' }]);
      expect((await host().call(`GET ${hook}`)).body).toMatchObject({ alert_status: 'executable' });
      expect((await host().call(`GET ${PATH}/999`)).body).toEqual({ message: '404 Not Found' });
    });
  });

  it('is refused where a switch is of no topic that it names', () => {
    expect(() => topicFlag(namedTopics(['push']), 'pull')).toThrow('of one of push, got "pull"');
  });
});
