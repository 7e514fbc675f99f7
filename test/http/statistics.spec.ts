import type { OverallStatisticsView, SubscriptionStatisticsView } from '../../lib/contracts/standard/statistics.view';
import { NOTHING_PRUNED, RetentionRepository } from '../../lib/retention/retention.repository';
import { describeManagementOn, type Body } from './management-host';

describe('Statistics, over the management API,', () => {
  describeManagementOn(
    'sqlite',
    'postgres',
  )((host) => {
    let own: Body;
    let foreign: Body;

    beforeAll(async () => {
      own = await host().subscribe('acme', { topics: ['order.shipped'] });
      foreign = await host().subscribe('globex', { topics: ['order.shipped'] });
      host().receiver.answers(204).then(503);
      await host().webhooks.publish('order.shipped', { account: 'acme' });
      await host().webhooks.idle();
      await host().webhooks.publish('order.shipped', { account: 'globex' });
      await host().webhooks.idle();
    });

    const get = async (caller: string, path: string) => {
      const answer = await host().call(caller, `GET /webhooks/${path}`);
      return { ...answer, body: answer.body as unknown as OverallStatisticsView & SubscriptionStatisticsView };
    };
    const A_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    const A_NUMBER = expect.any(Number) as number;

    it('show how the subscriptions of a tenant do, and what is pending', async () => {
      const durationMs = { p50: A_NUMBER, p95: A_NUMBER, p99: A_NUMBER };
      const figures = {
        attempts: 1,
        succeeded: 1,
        failed: 0,
        deliveredFirst: 1,
        exhausted: 0,
        successRate: 1,
        durationMs,
      };
      expect(await get('acme', 'statistics')).toMatchObject({
        status: 200,
        body: {
          from: A_TIME,
          to: A_TIME,
          totals: { ...figures, attemptsPerSecond: A_NUMBER },
          hours: [{ hour: A_TIME, ...figures }],
          backlog: { pending: 0, complete: true, firstDueAt: null, oldestAt: null },
          retention: [],
        },
      });
    });

    it('are of its own subscriptions for a tenant, and of all for the operator, who may ask for one tenant', async () => {
      const attempts = async (caller: string, query = '') =>
        (await get(caller, `statistics${query}`)).body.totals.attempts;
      expect([await attempts('acme'), await attempts('globex'), await attempts('operator')]).toEqual([1, 1, 2]);
      expect(await attempts('operator', '?tenant=globex')).toBe(1);
      expect(await get('acme', 'statistics?tenant=globex')).toMatchObject({ status: 403 });
    });

    it('show the operator, and nobody else, what retention took away the last time', async () => {
      const counts = { ...NOTHING_PRUNED, deliveries: 3, events: 2 };
      const [startedAt, finishedAt] = [1_735_689_600_000, 1_735_689_601_000];
      const reports = { rows: { startedAt, finishedAt, counts } };
      const repository = host().app.get(RetentionRepository);
      await repository.claim('rows', startedAt, startedAt);
      await repository.report('rows', reports.rows);
      const shown = { startedAt: '2025-01-01T00:00:00.000Z', finishedAt: '2025-01-01T00:00:01.000Z', counts };
      expect((await get('operator', 'statistics')).body.retention).toEqual([shown]);
      expect((await get('acme', 'statistics')).body.retention).toEqual([]);
    });

    it('are there for each subscription, for whoever may see it', async () => {
      const { body } = await get('globex', `subscriptions/${foreign.id}/statistics`);
      expect(body).toMatchObject({
        totals: { attempts: 1, succeeded: 0, failed: 1, successRate: 0 },
        backlog: { pending: 1, complete: true, firstDueAt: A_TIME, oldestAt: A_TIME },
      });
      expect(body).toMatchObject({ failing: { failures: 1, since: A_TIME } });
      expect(body).not.toHaveProperty('retention');
      expect(await get('operator', `subscriptions/${own.id}/statistics`)).toMatchObject({
        status: 200,
        body: { failing: null },
      });
      expect(await get('acme', `subscriptions/${foreign.id}/statistics`)).toMatchObject({ status: 404 });
    });

    it('are of the hours that were asked for', async () => {
      const { body } = await get('operator', 'statistics?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z');
      expect(body).toMatchObject({
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-02T01:00:00.000Z',
        totals: { attempts: 0, successRate: null, durationMs: null },
        hours: [],
      });
      const reversed = await get('operator', 'statistics?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z');
      expect(reversed).toMatchObject({ status: 400, body: { code: 'WEBHOOKS_INVALID_SPAN' } });
    });

    it('say that other methods are not theirs', async () => {
      expect((await host().call('acme', 'POST /webhooks/statistics', {})).status).toBe(405);
    });

    it('lists what another tenant’s subscription was owed to nobody else', async () => {
      const { body } = await host().call('acme', `GET /webhooks/deliveries?subscription=${foreign.id}&state=failed`);
      expect(body).toEqual({ data: [], nextCursor: null });
    });
  });
});
