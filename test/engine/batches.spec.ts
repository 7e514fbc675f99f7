import { DeliveriesRepository, type Batching } from 'nestjs-webhooks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host, hostForEach } from '../support/host';
import {
  batchIn,
  BATCHING_HOST,
  deliveriesOf,
  idsIn,
  ParcelSent,
  publish,
  sizes,
  states,
  subscribeTo,
} from './batches-host';

describeEachDatabase((database) => {
  const given = hostForEach(database, BATCHING_HOST);

  it('sends a batch as soon as it is full: one request, signed as a whole, with the payloads as they were published', async () => {
    const { host } = given;
    const { secrets } = await subscribeTo(host, { maxEvents: 3, maxWaitMs: 60_000 });
    await publish(host, 3, { text: 'é "\u2028"' });
    expect(host.receiver).toHaveBeenTried(1);
    const [request] = host.receiver.requests;
    const timestamp = '2025-01-01T00:00:00.000Z';
    const entries = (await host.events()).map(
      ({ id, payload }) => `{"id":"${id}","type":"parcel.sent","timestamp":"${timestamp}","data":${payload}}`,
    );
    expect(request!.body).toBe(`{"type":"webhooks.batch","timestamp":"${timestamp}","data":[${entries.join(',')}]}`);
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^bat_[0-9a-f]{32}$/) as unknown,
    });
    expect(host.received(secrets.current())).toHaveLength(1);
  });

  it('sends what there is when the first has waited long enough', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 100, maxWaitMs: 2_000 });
    await publish(host, 2);
    await host.clock.advance('1s');
    await publish(host, 1);
    await host.clock.advance('999ms');
    expect(host.receiver).toHaveBeenTried(0);
    await host.clock.advance('1ms');
    expect(sizes(host)).toEqual([3]);
    await publish(host, 1);
    await host.clock.advance('1999ms');
    expect(sizes(host)).toEqual([3]);
    await host.clock.advance('1ms');
    expect(sizes(host)).toEqual([3, 1]);
  });

  it('waits for one second where nobody says how long, and not at all where nothing is to be waited for', async () => {
    const { host } = given;
    const { id } = await subscribeTo(host, { maxEvents: 10 });
    await publish(host, 1);
    await host.clock.advance('999ms');
    expect(host.receiver).toHaveBeenTried(0);
    await host.clock.advance('1ms');
    expect(host.receiver).toHaveBeenTried(1);
    await host.subscriptions.update(id, { preferences: { batch: { maxEvents: 10, maxWaitMs: 0 } } });
    await publish(host, 1);
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('records an attempt for each, all of them at once', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 1_000, maxWaitMs: 60_000 });
    const record = jest.spyOn(host.app.get(DeliveriesRepository), 'record');
    await publish(host, 1_000);
    expect(sizes(host)).toEqual([1_000]);
    expect(record.mock.calls.map(([outcomes]) => outcomes.length)).toEqual([1_000]);
    const some = await deliveriesOf(host);
    expect(some).toHaveLength(250);
    const attempts = await Promise.all(some.slice(0, 5).map(({ id }) => host.deliveries.attemptsOf(id)));
    const attempt = { number: 1, status: 204, succeeded: true, startedAt: host.clock.now() };
    expect(attempts).toEqual(attempts.map(() => [expect.objectContaining(attempt) as unknown]));
    expect(new Set(some.map(({ state }) => state))).toEqual(new Set(['delivered']));
  });

  it('collects events that other processes publish', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 4, maxWaitMs: 5_000 });
    await publish(host, 1);
    const handle = { options: { ...host.dataSource.options } } as Pick<DatabaseHandle, 'options'>;
    const other = await Host.start(handle, BATCHING_HOST);
    try {
      const beat = async () => {
        await host.app.get(LaneNode).beat();
        await host.webhooks.idle();
      };
      await publish(other, 1);
      await beat();
      expect(host.receiver).toHaveBeenTried(0);
      await publish(other, 1);
      await publish(host, 1);
      await beat();
      expect(sizes(host)).toEqual([4]);
    } finally {
      await other.stop();
    }
  });

  it('counts a batch as one request that is under way', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 10, maxWaitMs: 60_000 });
    host.receiver.hangs();
    await Promise.all(Array.from({ length: 50 }, (_, serial) => host.webhooks.publish(ParcelSent, { serial })));
    await host.receiver.waitFor(2);
    expect(sizes(host)).toEqual([10, 10]);
    await host.app.close();
    expect(host.receiver).toHaveBeenTried(2);
  });

  it('keeps to the rate of its subscription, request by request', async () => {
    const { host } = given;
    const batch: Batching = { maxEvents: 10, maxWaitMs: 0 };
    await host.subscribe({ preferences: { batch, rate: { perSecond: 1 } } });
    await publish(host, 35);
    await host.clock.advance('2s');
    expect(sizes(host)).toEqual([10, 10]);
    await host.clock.advance('2s');
    expect(sizes(host)).toEqual([10, 10, 10, 5]);
  });

  it('ends a batch before it grows beyond a mebibyte, and sends the rest after it', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 100, maxWaitMs: 1_000 });
    const events = await publish(host, 12, { text: 'x'.repeat(200 * 1024) });
    await host.clock.advance('1s');
    expect(host.receiver.requests.flatMap(idsIn).sort()).toEqual(events.map(({ id }) => id).sort());
    expect(Math.max(...host.receiver.requests.map(({ body }) => body.length))).toBeLessThan(1024 * 1024 + 1_000);
    expect(sizes(host)).toEqual([5, 5, 2]);
  });

  it('leaves out what is gone, and sends the others', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 10, maxWaitMs: 60_000 });
    const [gone] = await publish(host, 3);
    await host.dataSource.query(`DELETE FROM webhooks_event WHERE id = '${gone!.id}'`);
    // As it is after a restart: nothing is in memory.
    const handle = { options: { ...host.dataSource.options } } as Pick<DatabaseHandle, 'options'>;
    await host.app.close();
    const other = await Host.start(handle, BATCHING_HOST);
    try {
      await other.clock.advance('1m');
      expect(sizes(host)).toEqual([2]);
      expect(await states(other)).toEqual({ canceled: 1, delivered: 2 });
    } finally {
      await other.stop();
    }
  });

  it('follows a wish that is changed while events wait', async () => {
    const { host } = given;
    const { id } = await subscribeTo(host, { maxEvents: 100, maxWaitMs: 60_000 });
    await publish(host, 5);
    expect(host.receiver).toHaveBeenTried(0);
    await host.subscriptions.update(id, { preferences: { batch: { maxEvents: 4, maxWaitMs: 60_000 } } });
    await host.webhooks.idle();
    expect(sizes(host)).toEqual([4]);
    await host.subscriptions.update(id, { preferences: {} });
    await host.webhooks.idle();
    expect(host.receiver.requests.slice(1).map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'parcel.sent',
    ]);
  });

  it('waits with a subscription that is disabled, and sends when it is on again', async () => {
    const { host } = given;
    const { id } = await subscribeTo(host, { maxEvents: 10, maxWaitMs: 5_000 });
    await publish(host, 3);
    await host.subscriptions.update(id, { enabled: false });
    await host.clock.advance('1m');
    expect(host.receiver).toHaveBeenTried(0);
    await host.subscriptions.update(id, { enabled: true });
    await host.clock.advance('5s');
    expect(host.receiver.requests.flatMap(idsIn)).toHaveLength(3);
  });

  it('has the form of a batch in requests that somebody asks for', async () => {
    const { host } = given;
    const { id } = await subscribeTo(host, { maxEvents: 2, maxWaitMs: 0 });
    const [event] = await publish(host, 1);
    const [delivery] = await deliveriesOf(host);
    await host.webhooks.resend(delivery!.id);
    await host.webhooks.test(id, 'parcel.sent');
    const [, resent, tested] = host.receiver.requests.map(batchIn);
    expect(resent!.data.map((each) => each.id)).toEqual([event!.id]);
    expect(tested!.data).toMatchObject([{ type: 'parcel.sent', data: { serial: 0 } }]);
  });

  it('refuses wishes that are none, and those of contracts that have no form for batches', async () => {
    const { host } = given;
    for (const batch of [{}, 5, { maxEvents: 1 }, { maxEvents: 1_001 }, { maxEvents: 2.5 }, { maxEvents: 2, x: 1 }]) {
      await expect(subscribeTo(host, batch as Batching)).rejects.toThrow('batch must be an object');
    }
    for (const maxWaitMs of [-1, 60_001, 0.5, '5']) {
      await expect(subscribeTo(host, { maxEvents: 2, maxWaitMs } as Batching)).rejects.toThrow('maxWaitMs');
    }
  });
});
