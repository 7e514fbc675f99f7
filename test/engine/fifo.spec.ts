import fc from 'fast-check';
import { defineTopic, ReplaysService, type NewSubscription, type PublishOptions, type Topic } from 'nestjs-webhooks';
import { WAITS_ITS_TURN } from '../../lib/deliveries/sequence';
import { LaneNode } from '../../lib/lanes/lane-node';
import { BacklogRepository } from '../../lib/deliveries/backlog.repository';
import { StatisticsRepository } from '../../lib/statistics/statistics.repository';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';
import { Step, StepReceiver } from '../support/step-receiver';

const OrderChanged = defineTopic('order.changed', Step, { subject: ({ order }) => order });
const OrderSeen = defineTopic('order.seen', Step, {
  subject: ({ step }) => step,
  orderingKey: ({ order }) => (order === 'none' ? null : order),
});

describeEachDatabase((database) => {
  const given = hostForEach(database, {
    topics: [OrderChanged, OrderSeen],
    webhooks: { retry: { schedule: ['5s', '1m'], jitter: 0 } },
  });
  let receiver: StepReceiver;

  beforeEach(async () => (receiver = await StepReceiver.start()));
  afterEach(() => receiver.close());

  const subscribe = (wanted: Partial<NewSubscription> = {}) =>
    given.host.subscribe({ url: receiver.url, preferences: { order: 'fifo' }, ...wanted });
  const publish = async (steps: string, options: PublishOptions = {}, topic: Topic<string, Step> = OrderChanged) => {
    for (const step of steps.split(' ')) {
      await given.host.webhooks.publish<Step>(
        topic,
        { order: step.slice(0, -1), step: Number(step.slice(-1)) },
        options,
      );
    }
    await given.host.webhooks.idle();
  };
  const deliveries = async (host: Host = given.host) =>
    [...(await host.deliveries.list({ limit: 200 })).data].reverse();
  const states = async () => (await deliveries()).map(({ state }) => state);

  describe('The next event of a key', () => {
    it('waits until the one before it was taken, while other keys go on', async () => {
      await subscribe();
      receiver.answer = (step, times) => (step === 'A1' && times === 1 ? 500 : 204);
      await publish('A1 A2 A3 B1 B2');
      expect(receiver.arrived).toEqual(['A1', 'B1', 'B2']);
      await given.host.clock.advance('5s');
      expect(receiver.accepted).toEqual(['B1', 'B2', 'A1', 'A2', 'A3']);
      expect(await states()).toEqual(Array(5).fill('delivered'));
    });

    it('goes when the one before it has failed for good', async () => {
      await subscribe();
      receiver.answer = (step) => (step === 'A1' ? 500 : 204);
      await publish('A1 A2');
      await given.host.clock.advance('1m');
      expect(receiver.arrived).toEqual(['A1', 'A1']);
      await given.host.clock.advance('10s');
      expect(receiver.arrived).toEqual(['A1', 'A1', 'A1', 'A2']);
      expect(await states()).toEqual(['failed', 'delivered']);
    });

    it('waits for nothing where the subscription asks for no order', async () => {
      await subscribe({ preferences: {} });
      receiver.answer = (step) => (step === 'A1' ? 500 : 204);
      await publish('A1 A2');
      expect(receiver.accepted).toEqual(['A2']);
    });

    it('goes when the one before it was sent by hand and taken', async () => {
      await subscribe();
      receiver.answer = (_, times) => (times === 1 ? 500 : 204);
      await publish('A1 A2');
      expect(receiver.arrived).toEqual(['A1']);
      await given.host.webhooks.resend((await deliveries())[0]!.id);
      await given.host.webhooks.idle();
      expect(receiver.arrived).toEqual(['A1', 'A1', 'A2']);
    });

    it('goes on waiting when the one before it was sent by hand and not taken', async () => {
      await subscribe();
      receiver.answer = () => 500;
      await publish('A1 A2');
      await given.host.webhooks.resend((await deliveries())[0]!.id);
      await given.host.webhooks.idle();
      expect(receiver.arrived).toEqual(['A1', 'A1']);
    });

    it('is published in order by calls that do not wait for each other', async () => {
      await subscribe();
      const steps = [1, 2, 3, 4, 5, 6, 7, 8, 9];
      await Promise.all(steps.map((step) => given.host.webhooks.publish(OrderChanged, { order: 'A', step })));
      await given.host.webhooks.idle();
      expect(receiver.accepted).toEqual(steps.map((step) => `A${step}`));
    });

    it('waits for one that is committed and that nobody has fanned out yet', async () => {
      const { host } = given;
      await subscribe();
      const now = host.clock.now();
      const columns = 'id, topic, subject, payload, created_at, fan_out_at';
      const id = `evt_${now.toString(16).padStart(12, '0')}${'0'.repeat(20)}`;
      await host.dataSource.query(
        `INSERT INTO webhooks_event (${columns}) VALUES ('${id}', 'order.changed', 'A', '{"order":"A","step":1}', ${now}, ${now + 5_000})`,
      );
      await publish('A2 B1');
      await host.clock.advance('4s');
      expect(receiver.arrived).toEqual(['B1']);
      await host.clock.advance('1s');
      await host.app.get(LaneNode).beat();
      await host.clock.advance('1s');
      expect(receiver.arrived).toEqual(['B1', 'A1', 'A2']);
    });
  });

  describe('The key', () => {
    it('is what the publisher says, else what the topic reads, else the subject', async () => {
      await subscribe();
      receiver.answer = (step) => (step.endsWith('1') ? 500 : 204);
      await publish('A1 B2', { orderingKey: 'cart' });
      await publish('C1 C2', { orderingKey: null });
      await publish('D1 D2', { subject: null });
      await publish('E1 E2', {}, OrderSeen);
      await publish('none1 none2', {}, OrderSeen);
      await publish('F1 F2');
      expect(receiver.accepted).toEqual(['C2', 'D2', 'none2']);
    });

    it('is that of one tenant', async () => {
      await subscribe();
      receiver.answer = (step) => (step.endsWith('1') ? 500 : 204);
      await publish('A1', { tenant: 'acme' });
      await publish('A2', { tenant: 'globex' });
      await publish('A3', { tenant: 'acme' });
      expect(receiver.accepted).toEqual(['A2']);
    });

    it('can be anything that fits 255 characters', async () => {
      await subscribe();
      const orderingKey = '"\\{},%_\u{1f4e6}é'.padEnd(255, '雪');
      await publish('A1 B2', { orderingKey });
      expect(receiver.accepted).toEqual(['A1', 'B2']);
      await expect(publish('A1', { orderingKey: 'a'.repeat(256) })).rejects.toThrow('the ordering key of an event');
      expect((await given.host.events()).map((event) => event.orderingKey)).toEqual([orderingKey, orderingKey]);
    });
  });

  describe('What waits', () => {
    it('is pending without a time, and not late', async () => {
      const { host } = given;
      const { id } = await subscribe();
      receiver.answer = () => 500;
      await publish('A1 A2');
      const [first, second] = await deliveries();
      expect(first).toMatchObject({ state: 'pending', nextAttemptAt: host.clock.now() + 5_000 });
      expect(second).toMatchObject({ state: 'pending', attemptCount: 0, nextAttemptAt: null });
      await host.webhooks.resend(first!.id).catch(() => undefined);
      const dueAt = first!.nextAttemptAt;
      expect(await host.app.get(BacklogRepository).read()).toMatchObject({ pending: 2, firstDueAt: dueAt });
      const backlog = await host.app.get(StatisticsRepository).backlog({ subscription: id });
      expect(backlog).toMatchObject({ pending: 2, firstDueAt: dueAt });
    });

    it('is canceled with its subscription', async () => {
      const { host } = given;
      const { id } = await subscribe();
      receiver.answer = () => 500;
      await publish('A1 A2 A3');
      await host.subscriptions.remove(id);
      await host.webhooks.idle();
      await host.clock.advance('5s');
      expect(await states()).toEqual(['canceled', 'canceled', 'canceled']);
    });

    it('is found by whoever takes the lane over', async () => {
      const { host } = given;
      await subscribe();
      receiver.answer = (_, times) => (times === 1 ? 500 : 204);
      await publish('A1 A2 A3');
      await host.dataSource.query(
        `UPDATE webhooks_delivery SET state = 'failed', next_attempt_at = NULL WHERE attempt_count = 1`,
      );
      await host.dataSource.query('UPDATE webhooks_node SET lease_until = 0');
      for (let beats = 0; beats < 2; beats++) await host.app.get(LaneNode).beat();
      await host.clock.advance('15s');
      expect(receiver.accepted).toEqual(['A2', 'A3']);
    });

    it('is found within a minute where nobody noticed that the one before it has ended', async () => {
      const { host } = given;
      await subscribe();
      receiver.answer = (step) => (step.endsWith('1') ? 500 : 204);
      await publish('A1 A2 B1 B2');
      await host.dataSource.query(
        `UPDATE webhooks_delivery SET state = 'failed', next_attempt_at = CASE id WHEN '${(await deliveries())[0]!.id}' THEN NULL ELSE next_attempt_at END`,
      );
      await host.dataSource.query(`UPDATE webhooks_delivery SET state = 'pending' WHERE next_attempt_at IS NOT NULL`);
      await host.clock.advance('1m');
      expect(receiver.of('A')).toEqual(['A2']);
    });

    it('goes although nothing else of the lane is left, and nobody noticed', async () => {
      const { host } = given;
      await subscribe();
      receiver.answer = (step) => (step === 'A1' ? 500 : 204);
      await publish('A1 A2 A3');
      const [first] = await deliveries();
      await host.dataSource.query(
        `UPDATE webhooks_delivery SET state = 'failed', next_attempt_at = NULL WHERE id = '${first!.id}'`,
      );
      await host.clock.advance('10s');
      expect(receiver.accepted).toEqual(['A2', 'A3']);
    });
  });

  describe('A subscription that was off', () => {
    it('gets what it was owed, what it missed and what is new in order', async () => {
      const { host } = given;
      const { id } = await subscribe();
      receiver.answer = (_, times) => (times === 1 ? 500 : 204);
      await publish('A1 A2');
      await host.subscriptions.update(id, { enabled: false });
      receiver.answer = () => 204;
      await publish('A3 A4 B1');
      await host.subscriptions.update(id, { enabled: true });
      await publish('A5 B2');
      await host.clock.advance('10s');
      expect(receiver.of('A')).toEqual(['A1', 'A2', 'A3', 'A4', 'A5']);
      expect(receiver.of('B')).toEqual(['B1', 'B2']);
    });
  });

  describe('A replay', () => {
    it('sends what had failed in order', async () => {
      const { host } = given;
      const { id } = await subscribe();
      receiver.answer = () => 500;
      await publish('A1 A2 A3 B1');
      await host.clock.advance('10m');
      expect(await states()).toEqual(Array(4).fill('failed'));
      receiver.answer = (step, times) => (step === 'A1' && times === 4 ? 500 : 204);
      await host.app.get(ReplaysService).start(id, { from: 0 });
      await host.webhooks.idle();
      expect(receiver.accepted).toEqual(['B1']);
      await host.clock.advance('10s');
      expect(receiver.of('A')).toEqual(['A1', 'A2', 'A3']);
    });

    it('goes before what still waits, and what is published meanwhile comes after it', async () => {
      const { host } = given;
      const { id } = await subscribe();
      receiver.answer = () => 500;
      await publish('A1');
      await host.clock.advance('2m');
      await publish('A2 A3');
      receiver.answer = () => 204;
      await host.app.get(ReplaysService).start(id, { from: 0 });
      await publish('A4');
      await host.clock.advance('2m');
      expect(receiver.accepted).toEqual(['A1', 'A2', 'A3', 'A4']);
    });

    it('brings more than a thousand events of one key in order, before newer ones', async () => {
      const { host } = given;
      const steps = Array.from({ length: 1_050 }, (_, index) => index + 1);
      await Promise.all(steps.map((step) => host.webhooks.publish(OrderChanged, { order: 'A', step })));
      await host.webhooks.idle();
      const { id } = await subscribe();
      await host.app.get(ReplaysService).start(id, { from: 0, only: 'missing' });
      await host.webhooks.publish(OrderChanged, { order: 'A', step: 1_051 });
      for (let seconds = 0; seconds < 60 && receiver.accepted.length < 1_051; seconds++) await host.clock.advance('1s');
      expect(receiver.accepted).toEqual([...steps, 1_051].map((step) => `A${step}`));
    }, 120_000);
  });

  describe('A preference that changes', () => {
    it('counts from then on: what was pending before waits for nobody', async () => {
      const { host } = given;
      const { id } = await subscribe({ preferences: {} });
      receiver.answer = (step, times) => (step.startsWith('A') && times === 1 ? 500 : 204);
      await publish('A1 A2');
      await host.subscriptions.update(id, { preferences: { order: 'fifo' } });
      await publish('A3 A4');
      expect(receiver.arrived).toEqual(['A1', 'A2', 'A3']);
      await host.clock.advance('15s');
      expect([...receiver.accepted].sort()).toEqual(['A1', 'A2', 'A3', 'A4']);
      expect(receiver.arrived.indexOf('A4')).toBeGreaterThan(receiver.arrived.lastIndexOf('A3'));
    });

    it('lets everything go that waits where no order is wanted any more', async () => {
      const { host } = given;
      const { id } = await subscribe();
      receiver.answer = (step) => (step === 'A1' ? 500 : 204);
      await publish('A1 A2 A3 A4');
      expect(receiver.arrived).toEqual(['A1']);
      await host.subscriptions.update(id, { preferences: {} });
      await host.webhooks.idle();
      expect([...receiver.accepted].sort()).toEqual(['A2', 'A3', 'A4']);
      await publish('A5');
      expect(receiver.accepted).toContain('A5');
    });
  });

  it('has hundreds of keys under way at once, and no two of a key', async () => {
    await subscribe();
    receiver.answer = (step, times) => (times === 1 && Number(step.slice(-1)) % 3 === 0 ? 500 : 204);
    const orders = Array.from({ length: 100 }, (_, index) => `order-${index}-`);
    const steps = [1, 2, 3, 4, 5];
    await Promise.all(
      steps.flatMap((step) => orders.map((order) => given.host.webhooks.publish(OrderChanged, { order, step }))),
    );
    await given.host.clock.advance('30s');
    for (const order of orders) expect(receiver.of(order)).toEqual(steps.map((step) => `${order}${step}`));
    expect([...receiver.overlapping]).toEqual([]);
  }, 30_000);

  it('keeps every key in order, whatever the receiver does', async () => {
    const { host } = given;
    await subscribe();
    const answers = fc.array(fc.constantFrom(204, 204, 500, 429, 503, 404, 'resets' as const), { minLength: 1 });
    const traffic = fc.array(
      fc.record({ order: fc.constantFrom('A', 'B', 'C'), pauseMs: fc.constantFrom(0, 0, 1_000) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(traffic, answers, async (events, given) => {
        const name = (order: string) => `run${run}-${order}-`;
        run += 1;
        let turn = 0;
        receiver.answer = () => given[turn++ % given.length]!;
        const published: string[] = [];
        for (const [index, { order, pauseMs }] of events.entries()) {
          await host.webhooks.publish(OrderChanged, { order: name(order), step: index });
          published.push(`${name(order)}${index}`);
          if (pauseMs > 0) await host.clock.advance(`${pauseMs}ms`);
        }
        await host.clock.advance('30m');
        for (const order of ['A', 'B', 'C'].map(name)) {
          const accepted = receiver.of(order);
          expect(accepted).toEqual(published.filter((step) => accepted.includes(step)));
        }
        const { pending } = await host.app.get(BacklogRepository).read();
        expect(pending).toBe(0);
      }),
      { numRuns: Number(process.env.WEBHOOKS_PROPERTY_RUNS ?? 15) },
    );
    expect([...receiver.overlapping]).toEqual([]);
  }, 120_000);

  it('leaves nothing of an order behind in the table when all is over', async () => {
    const { host } = given;
    await subscribe();
    receiver.answer = (step) => (step === 'A1' ? 500 : 204);
    await publish('A1 A2 B1');
    await host.clock.advance('10m');
    const left = `SELECT id FROM webhooks_delivery WHERE sequence IS NOT NULL OR next_attempt_at = ${WAITS_ITS_TURN}`;
    expect(await host.dataSource.query(left)).toEqual([]);
  });
});
