import type { ReplayView } from '../../lib/contracts/standard/replay.view';
import type { SubscriptionStatisticsView } from '../../lib/contracts/standard/statistics.view';
import { describeManagementOn, idsOf, type Body } from '../http/management-host';
import { Receiver } from '../support/receiver';

describe('The first bad day of a customer, over the management API:', () => {
  describeManagementOn(
    'sqlite',
    'postgres',
    'mysql',
  )(
    (host) => {
      let watch: Receiver;
      let subscription: Body;
      const call = async <Answer = Body>(route: string, body?: object) =>
        (await host().call('acme', route, body)).body as unknown as Answer;
      const publish = async (reference: string) => {
        await host().webhooks.publish('order.shipped', { account: 'acme', reference });
        await host().webhooks.idle();
      };
      const references = (path = '/hook') =>
        host()
          .receiver.byPath(path)
          .map(({ body }) => (JSON.parse(body) as { data: { reference: string } }).data.reference);
      const deliveriesThat = (state: string) =>
        call(`GET /webhooks/deliveries?state=${state}&subscription=${subscription.id}`);
      const figures = () =>
        call<SubscriptionStatisticsView>(`GET /webhooks/subscriptions/${subscription.id}/statistics`);
      const finished = async ({ id }: ReplayView) => {
        await host().webhooks.idle();
        return call<ReplayView>(`GET /webhooks/replays/${id}`);
      };

      beforeAll(async () => {
        watch = await Receiver.start();
        await host().subscribe('acme', { url: watch.url(), topics: ['webhooks.*'] });
        subscription = await host().subscribe('acme', { topics: ['order.shipped'] });
      });

      afterAll(() => watch.close());

      it('the endpoint fails until its subscription is suspended, and what comes then is held', async () => {
        host().receiver.answers(500);
        await publish('A-1');
        const { totals, failing } = await figures();
        expect(totals).toMatchObject({ attempts: 1, failed: 1, exhausted: 1, successRate: 0 });
        expect(failing).toMatchObject({ failures: 1 });
        await publish('A-2');
        expect(await call(`GET /webhooks/subscriptions/${subscription.id}`)).toMatchObject({
          enabled: true,
          suspendedReason: '2 failures in a row',
        });
        await publish('A-3');
        expect(references()).toEqual(['A-1', 'A-2']);
        expect((await deliveriesThat('failed')).data).toMatchObject([{ lastResult: '500' }, { lastResult: '500' }]);
      });

      it('it is mended, tested and resumed, and gets what was held', async () => {
        host().receiver.clear();
        const path = `POST /webhooks/subscriptions/${subscription.id}`;
        expect(await call(`${path}/test`, { topic: 'order.shipped' })).toMatchObject({ succeeded: true, status: 204 });
        expect(await call(`${path}/resume`)).toMatchObject({ suspendedAt: null, suspendedReason: null });
        await host().receiver.waitFor(2);
        await host().webhooks.idle();
        expect(references()[1]).toBe('A-3');
      });

      it('one of the two that failed is sent again, and then all that have failed since', async () => {
        host().receiver.clear();
        const [last] = idsOf(await deliveriesThat('failed'));
        expect(await call(`POST /webhooks/deliveries/${last}/resend`)).toMatchObject({ state: 'delivered' });
        const started = await call<ReplayView>(`POST /webhooks/subscriptions/${subscription.id}/replays`, {
          from: subscription.createdAt,
          only: 'failed',
        });
        expect(await finished(started)).toMatchObject({ state: 'finished', scheduled: 1 });
        expect(references()).toEqual(['A-2', 'A-1']);
        expect((await deliveriesThat('failed')).data).toEqual([]);
        expect((await deliveriesThat('delivered')).data).toHaveLength(3);
      });

      it('a second endpoint, made the day after, gets what it never had', async () => {
        const second = await host().subscribe('acme', { url: host().receiver.url('/second'), topics: ['order.*'] });
        const started = await call<ReplayView>(`POST /webhooks/subscriptions/${second.id}/replays`, {
          from: subscription.createdAt,
          topics: ['order.shipped'],
          only: 'missing',
        });
        expect(await finished(started)).toMatchObject({ state: 'finished', scheduled: 3 });
        expect(references('/second').sort()).toEqual(['A-1', 'A-2', 'A-3']);
      });

      it('whoever watches was told, and the figures say how it went', async () => {
        await watch.waitFor(4);
        const told = watch.requests.map(({ body }) => (JSON.parse(body) as { type: string }).type);
        expect(told.sort()).toEqual([
          'webhooks.delivery.exhausted',
          'webhooks.delivery.exhausted',
          'webhooks.subscription.resumed',
          'webhooks.subscription.suspended',
        ]);
        const { totals, backlog, failing } = await figures();
        expect(failing).toBeNull();
        expect(totals).toMatchObject({ attempts: 4, succeeded: 2, failed: 2, exhausted: 2, successRate: 0.5 });
        expect(backlog).toMatchObject({ pending: 0, complete: true });
      });
    },
    {
      structure: {
        operationalEvents: true,
        retry: { schedule: [] },
        suspension: { failures: 1, forMs: null },
      },
    },
  );
});
