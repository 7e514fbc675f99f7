import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { describeManagementOn, type Body } from './management-host';

const A_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const SINCE = { from: '2020-01-01T00:00:00Z' };

describe('Resending and replaying, over the management API', () => {
  describeManagementOn(
    'sqlite',
    'postgres',
  )((host) => {
    const call = (key: string, route: string, body?: object) => host().call(key, route, body);
    let subscription: Body;
    let delivery: Body;

    beforeAll(async () => {
      subscription = await host().subscribe('acme', { topics: ['order.shipped'] });
      await host().webhooks.publish('order.shipped', { account: 'acme' });
      await host().webhooks.idle();
      delivery = (await call('acme', 'GET /webhooks/deliveries')).body.data[0]!;
    });

    it('sends a delivery again, and shows what came of it as the last of its attempts', async () => {
      host().receiver.answers(409);
      const { status, body } = await call('acme', `POST /webhooks/deliveries/${delivery.id}/resend`);
      expect(status).toBe(200);
      expect(body.attempts).toMatchObject([
        { number: 1, status: 204 },
        { number: null, status: 409, succeeded: false },
      ]);
      host().receiver.answers(200);
    });

    it('refuses to send a delivery again whose payload retention has removed, and says why', async () => {
      const { app } = host();
      await host().webhooks.publish('order.shipped', { account: 'acme' });
      await host().webhooks.idle();
      const { id, eventId } = (await call('acme', 'GET /webhooks/deliveries')).body.data[0]!;
      await app
        .get<DataSource>(getDataSourceToken())
        .query(`UPDATE webhooks_event SET payload = '' WHERE id = '${eventId}'`);
      expect((await call('acme', `GET /webhooks/events/${eventId}`)).body).toMatchObject({ payload: null });
      const tried = host().receiver.requests.length;
      const { status, body } = await call('acme', `POST /webhooks/deliveries/${id}/resend`);
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'WEBHOOKS_NOT_RESENDABLE' } });
      expect(body.detail).toBe(
        `The delivery ${id} cannot be sent again: retention has taken the payload of its event (the option retention.payloadDays says when).`,
      );
      expect(host().receiver).toHaveBeenTried(tried);
    });

    it('sends an example, and shows what came back', async () => {
      host().receiver.answers(200, {}, { body: 'thanks' });
      const { status, body } = await call('acme', `POST /webhooks/subscriptions/${subscription.id}/test`, {
        topic: 'order.shipped',
      });
      expect(status).toBe(200);
      expect(body).toEqual({
        eventId: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
        startedAt: A_TIME,
        durationMs: expect.any(Number) as number,
        succeeded: true,
        status: 200,
        failure: null,
        detail: null,
        responseBody: 'thanks',
      });
    });

    it('begins a replay, shows how far it has got, lists it and cancels it', async () => {
      const path = `/webhooks/subscriptions/${subscription.id}/replays`;
      const { status, body } = await call('acme', `POST ${path}`, { ...SINCE, only: 'all', topics: ['order.*'] });
      expect(status).toBe(202);
      expect(body).toEqual({
        id: expect.stringMatching(/^rpl_[0-9a-f]{32}$/) as string,
        subscriptionId: subscription.id,
        tenant: 'acme',
        from: '2020-01-01T00:00:00.000Z',
        to: A_TIME,
        topics: ['order.*'],
        only: 'all',
        state: 'running',
        reachedAt: A_TIME,
        examined: 0,
        scheduled: 0,
        unavailable: 0,
        createdAt: A_TIME,
        waitingSince: null,
        finishedAt: null,
        canceledReason: null,
      });
      await host().webhooks.idle();
      const finished = (await call('acme', `GET /webhooks/replays/${body.id}`)).body;
      expect(finished).toMatchObject({ state: 'finished', scheduled: 1, finishedAt: A_TIME });
      expect((await call('acme', `GET ${path}`)).body.data).toEqual([finished]);
      expect((await call('acme', `DELETE /webhooks/replays/${body.id}`)).body).toEqual(finished);
    });

    it('takes only what failed where nothing else is said', async () => {
      const { body } = await call('acme', `POST /webhooks/subscriptions/${subscription.id}/replays`, SINCE);
      expect(body).toMatchObject({ only: 'failed', topics: null });
    });

    it.each([
      ['no beginning', {}],
      ['a time without a zone', { from: '2020-01-01T00:00:00' }],
      ['a time that is none', { from: '2020-13-01T00:00:00Z' }],
      ['something else than what there is', { ...SINCE, only: 'some' }],
      ['what is no topic', { ...SINCE, topics: ['order shipped'] }],
      ['an unknown field', { ...SINCE, since: 1 }],
      ['a list', []],
    ])('refuses a replay of %s', async (_, body) => {
      const { status } = await call('acme', `POST /webhooks/subscriptions/${subscription.id}/replays`, body);
      expect(status).toBe(400);
    });

    it('refuses a replay that ends before it begins, and topics that there are not', async () => {
      const path = `POST /webhooks/subscriptions/${subscription.id}/replays`;
      const backwards = { from: '2021-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' };
      expect((await call('acme', path, backwards)).status).toBe(422);
      expect((await call('acme', path, { ...SINCE, topics: ['order.shiped'] })).status).toBe(422);
    });

    it('shows and does nothing of another tenant’s', async () => {
      const replay = (await call('acme', `POST /webhooks/subscriptions/${subscription.id}/replays`, SINCE)).body;
      for (const [route, body] of [
        [`POST /webhooks/deliveries/${delivery.id}/resend`],
        [`POST /webhooks/subscriptions/${subscription.id}/test`, { topic: 'order.shipped' }],
        [`POST /webhooks/subscriptions/${subscription.id}/replays`, SINCE],
        [`GET /webhooks/subscriptions/${subscription.id}/replays`],
        [`GET /webhooks/replays/${replay.id}`],
        [`DELETE /webhooks/replays/${replay.id}`],
      ] as const) {
        expect([route, (await call('globex', route, body)).status]).toEqual([route, 404]);
        expect([route, (await call('operator', route, body)).status]).not.toEqual([route, 404]);
      }
    });
  });
});
