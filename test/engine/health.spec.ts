import { defineTopic, type LifecycleEvent, type Subscription } from 'nestjs-webhooks';
import type { DeliveryProfile } from '../../lib/deliveries/delivery-profile';
import { EndpointHealth } from '../../lib/deliveries/endpoint-health';
import { FailureStreaks } from '../../lib/deliveries/failure-streaks';
import { LaneNode } from '../../lib/lanes/lane-node';
import { ReplaysRepository } from '../../lib/replays/replays.repository';
import { Database } from '../../lib/storage/database';
import { Transport } from '../../lib/transport/transport';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

async function publish(host: Host, id = 'A-1'): Promise<void> {
  await host.webhooks.publish(OrderShipped, { id });
  await host.webhooks.idle();
}

function ordersAt(host: Host): string[] {
  return host.receiver.requests.map(({ body }) => (JSON.parse(body) as { data: Shipment }).data.id);
}

function toldBy(host: Host, type: LifecycleEvent['type']): LifecycleEvent[] {
  const told: LifecycleEvent[] = [];
  host.webhooks.subscribe((event) => event.type === type && told.push(event));
  return told;
}

/** Says that attempts of this subscription have failed, all at once. */
async function fails(host: Host, ...subscriptions: Subscription[]): Promise<void> {
  const profile = { tolerance: { failures: 5, forMs: null } } as DeliveryProfile;
  const verdict = { state: 'pending', nextAttemptAt: null, suspend: null } as const;
  await Promise.all(subscriptions.map((each) => host.app.get(EndpointHealth).learn(each, profile, verdict)));
}

/** Waits for nothing: something is held up. */
const unsettled = () => Promise.resolve();

describeEachDatabase((database) => {
  describe('Failures', () => {
    const given = hostForEach(database, { topics: [OrderShipped] });

    it.each(['before it was asked', 'before it could answer'])(
      'are each counted once where the database went away %s',
      async (moment) => {
        const { host } = given;
        const [first, second] = [await host.subscribe(), await host.subscribe()];
        const streaks = host.app.get(FailureStreaks);
        const add = streaks.add.bind(streaks);
        await fails(host, first);
        jest.spyOn(streaks, 'add').mockImplementationOnce(async (...counted) => {
          if (moment === 'before it could answer') await add(...counted);
          throw new Error('connection lost');
        });
        await fails(host, first, second, first);
        expect([await streaks.of(first.id), await streaks.of(second.id)]).toMatchObject([
          { failures: 3 },
          { failures: 1 },
        ]);
      },
    );

    it('are counted for many endpoints with one statement', async () => {
      const { host } = given;
      const subscriptions = await Promise.all(Array.from({ length: 20 }, () => host.subscribe()));
      const commit = jest.spyOn(host.app.get(Database), 'commit');
      await fails(host, ...subscriptions, ...subscriptions);
      const counts = commit.mock.calls.flat().filter(({ sql }) => sql.includes('failures'));
      expect(counts).toHaveLength(1);
      const streaks = subscriptions.map(({ id }) => host.app.get(FailureStreaks).of(id));
      expect((await Promise.all(streaks)).map((streak) => streak?.failures)).toEqual(Array(20).fill(2));
    });

    it('of attempts from before the subscription was changed or resumed say nothing about what it is now', async () => {
      const { host } = given;
      const before = await host.subscribe();
      await host.clock.advance('1s');
      const now = await host.subscriptions.update(before.id, { description: 'mended' });
      await fails(host, ...Array<Subscription>(6).fill(before), now);
      expect(await host.app.get(FailureStreaks).of(before.id)).toMatchObject({ failures: 1 });
      expect(await host.subscriptions.get(before.id)).toMatchObject({ suspendedAt: null });
    });

    it('of attempts that were under way when it was resumed do not suspend it again', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      await publish(host);
      host.receiver.answers(410).then(410).then(204);
      const transport = host.app.get(Transport);
      const send = transport.send.bind(transport);
      let resume: () => void = () => undefined;
      const resumed = new Promise<void>((resolve) => (resume = resolve));
      jest.spyOn(transport, 'send').mockImplementationOnce((request) => resumed.then(() => send(request)));
      const suspended = new Promise<void>((resolve) => {
        host.webhooks.subscribe(({ type }) => type === 'subscription.suspended' && resolve());
      });
      await host.webhooks.publish(OrderShipped, { id: 'A-2' });
      await host.webhooks.publish(OrderShipped, { id: 'A-3' });
      await suspended;
      await host.clock.advance('1s', unsettled);
      await host.subscriptions.resume(id);
      resume();
      await host.webhooks.idle();
      expect(host.receiver.requests.length).toBeGreaterThanOrEqual(3);
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
    });
  });

  describe('An endpoint that fails', () => {
    const given = hostForEach(database, {
      topics: [OrderShipped],
      webhooks: { retry: { schedule: ['12h', '1d', '1d', '1d', '1d', '1d'], jitter: 0 } },
    });

    it('is told of after an hour, once, and its subscription is suspended after five days', async () => {
      const { host } = given;
      const failing = toldBy(host, 'subscription.failing');
      const suspended = toldBy(host, 'subscription.suspended');
      const { id } = await host.subscribe({ tenant: 'acme' });
      host.receiver.answers(500);
      const since = host.clock.now();
      await host.webhooks.publish(OrderShipped, { id: 'A-1' }, { tenant: 'acme' });
      await host.clock.advance('4d');
      expect(failing).toEqual([
        { type: 'subscription.failing', subscriptionId: id, tenant: 'acme', failures: 2, since },
      ]);
      expect(suspended).toEqual([]);
      await host.clock.advance('2d');
      expect(suspended).toMatchObject([{ subscriptionId: id, tenant: 'acme', reason: 'failing for 5 days' }]);
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedReason: 'failing for 5 days' });
      expect(failing).toHaveLength(1);
    });

    it('begins anew with one success, also where another attempt fails at that very moment', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      const streaks = host.app.get(FailureStreaks);
      const [add, end] = [streaks.add.bind(streaks), streaks.end.bind(streaks)];
      let succeeded: () => void = () => undefined;
      const success = new Promise<void>((resolve) => (succeeded = resolve));
      jest.spyOn(streaks, 'add').mockImplementationOnce((counts, now) => success.then(() => add(counts, now)));
      jest.spyOn(streaks, 'end').mockImplementationOnce((ids) => end(ids).then(succeeded));
      host.receiver.answers(500).then(204);
      await Promise.all([publish(host, 'A-1'), publish(host, 'A-2')]);
      expect(await streaks.of(id)).toMatchObject({ failures: 1 });
      await publish(host, 'A-3');
      expect(await streaks.of(id)).toBeNull();
    });

    it('begins anew with one success', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.answers(500).then(500).then(500).then(204).then(500);
      await publish(host);
      await host.clock.advance('4d');
      await publish(host);
      await host.clock.advance('4d');
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
    });

    it('is given another chance when its owner changes or resumes the subscription', async () => {
      const { host } = given;
      const resumed = toldBy(host, 'subscription.resumed');
      const { id } = await host.subscribe();
      host.receiver.answers(500);
      await publish(host);
      await host.clock.advance('6d');
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedReason: 'failing for 5 days' });
      await host.subscriptions.resume(id);
      await host.clock.advance('1d');
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
      expect(resumed).toEqual([{ type: 'subscription.resumed', subscriptionId: id, tenant: null }]);
    });
  });

  describe('An endpoint that may fail three times', () => {
    const given = hostForEach(database, {
      topics: [OrderShipped],
      webhooks: { suspension: { failures: 3, forMs: null }, retry: { schedule: ['1s', '1s', '1s', '1s'], jitter: 0 } },
    });

    it('is suspended with the fourth failure in a row', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.answers(500);
      await publish(host);
      await host.clock.advance('2s');
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
      await host.clock.advance('1s');
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedReason: '4 failures in a row' });
    });
  });

  describe('A receiver', () => {
    const given = hostForEach(database, {
      topics: [OrderShipped],
      webhooks: { retry: { schedule: ['1s'], jitter: 0 } },
    });

    it.each([204, 500])('may ask for no more deliveries, with status %d', async (status) => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.answers(status, { 'webhook-delivery': 'disable' });
      await publish(host);
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedReason: 'asked for by the receiver' });
      const state = status === 204 ? 'delivered' : 'failed';
      expect((await host.deliveries.list({})).data).toMatchObject([{ state, attemptCount: 1 }]);
    });

    it('may ask for no more attempts at a delivery', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.answers(400, { 'webhook-delivery': 'abort-message' }).then(204);
      await publish(host);
      await host.clock.advance('1s');
      expect((await host.deliveries.list({})).data).toMatchObject([{ state: 'failed', attemptCount: 1 }]);
      expect(await host.subscriptions.get(id)).toMatchObject({ suspendedAt: null });
    });
  });

  describe('A subscription that is off', () => {
    const given = hostForEach(database, { topics: [OrderShipped] });

    it('gets what it has missed when it is enabled again, and what it had got before not again', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      await publish(host, 'A-1');
      await host.subscriptions.update(id, { enabled: false });
      await publish(host, 'A-2');
      await publish(host, 'A-3');
      expect(ordersAt(host)).toEqual(['A-1']);
      await host.subscriptions.update(id, { enabled: true });
      await host.webhooks.idle();
      expect(ordersAt(host).sort()).toEqual(['A-1', 'A-2', 'A-3']);
      expect(await host.subscriptions.get(id)).toMatchObject({ heldSince: null });
    });

    it('gets what it has missed when it is resumed', async () => {
      const { host } = given;
      const { id } = await host.subscribe();
      host.receiver.answers(410).then(204);
      await publish(host, 'A-1');
      await publish(host, 'A-2');
      await host.subscriptions.resume(id);
      await host.webhooks.idle();
      expect(ordersAt(host)).toEqual(['A-1', 'A-2']);
    });

    it('gets nothing while the system has it suspended and its owner enables it', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ enabled: false });
      await host.subscriptions.update(id, { suspendedReason: 'by hand' });
      await publish(host);
      await host.subscriptions.update(id, { enabled: true });
      await host.webhooks.idle();
      expect(host.receiver).toHaveBeenTried(0);
      await host.subscriptions.resume(id);
      await host.webhooks.idle();
      expect(host.receiver).toHaveBeenTried(1);
    });

    it('gets it also where the process that enabled it has died before it could say so', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ enabled: false });
      await publish(host);
      await host.dataSource.query(`UPDATE webhooks_subscription SET enabled = 1 WHERE id = '${id}'`);
      await host.app.get(LaneNode).beat();
      await host.webhooks.idle();
      await host.clock.advance('1s');
      expect(host.receiver).toHaveBeenTried(1);
    });

    it('gets also what it has missed while it was off for a moment, as it was being sent what it had missed', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ enabled: false });
      await publish(host, 'A-1');
      await host.clock.advance('1s');
      const repository = host.app.get(ReplaysRepository);
      const release = repository.release.bind(repository);
      jest.spyOn(repository, 'release').mockImplementationOnce(async (held, replay) => {
        await host.clock.advance('1s', () => Promise.resolve());
        await host.subscriptions.update(id, { enabled: false });
        await host.webhooks.publish(OrderShipped, { id: 'A-2' });
        await host.clock.advance('1s', () => Promise.resolve());
        await host.subscriptions.update(id, { enabled: true });
        return release(held, replay);
      });
      await host.subscriptions.update(id, { enabled: true });
      await host.webhooks.idle();
      expect(ordersAt(host)).toEqual(['A-1', 'A-2']);
    });

    it('gets it although nothing can be had for another one', async () => {
      const { host } = given;
      const [first, second] = [await host.subscribe({ enabled: false }), await host.subscribe({ enabled: false })];
      await publish(host);
      const repository = host.app.get(ReplaysRepository);
      const release = repository.release.bind(repository);
      jest
        .spyOn(repository, 'release')
        .mockImplementation((held, replay) =>
          held.id === first.id ? Promise.reject(new Error('no room')) : release(held, replay),
        );
      await host.subscriptions.update(first.id, { enabled: true });
      await host.subscriptions.update(second.id, { enabled: true });
      await host.webhooks.idle();
      expect(host.receiver).toHaveBeenTried(1);
    });

    it('gets no topic that it did not want before it was turned off', async () => {
      const { host } = given;
      await publish(host, 'A-0');
      await host.clock.advance('1s');
      const { id } = await host.subscribe();
      await host.subscriptions.update(id, { enabled: false });
      await host.clock.advance('1s');
      await publish(host, 'A-1');
      await host.subscriptions.update(id, { enabled: true });
      await host.webhooks.idle();
      expect(ordersAt(host)).toEqual(['A-1']);
    });

    it('gets none of the events that are older than what is held', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ enabled: false });
      await publish(host, 'A-1');
      await host.clock.advance('6d');
      await publish(host, 'A-2');
      await host.clock.advance('2d');
      await host.subscriptions.update(id, { enabled: true });
      await host.webhooks.idle();
      expect(ordersAt(host)).toEqual(['A-2']);
    });
  });

  describe('A subscription that is off, where nothing is held', () => {
    const given = hostForEach(database, { topics: [OrderShipped], webhooks: { holdMs: 0 } });

    it('gets nothing of what it has missed', async () => {
      const { host } = given;
      const { id } = await host.subscribe({ enabled: false });
      await publish(host, 'A-1');
      await host.subscriptions.update(id, { enabled: true });
      await publish(host, 'A-2');
      expect(ordersAt(host)).toEqual(['A-2']);
    });
  });
});
