import * as fc from 'fast-check';
import type { Receiver } from '../support/receiver';
import { describeEachDatabase, type TestDatabase } from '../support/databases';
import { Host, hostForEach } from '../support/host';
import { batchIn, BATCHING_HOST, deliveriesOf, idsIn, publish, sizes, states, subscribeTo } from './batches-host';

/** Takes every batch but those with the parcel of this number in it. */
function choksOn(receiver: Receiver, serial: number): void {
  receiver.decides((request) => ({
    status: batchIn(request).data.some(({ data }) => data.serial === serial) ? 400 : 204,
  }));
}

describeEachDatabase((database) => {
  const given = hostForEach(database, BATCHING_HOST);
  const naming = (failed: unknown) => [200, {}, { body: JSON.stringify({ failed }) }] as const;

  it('tries those again that an answer names as failed, and no others', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 5, maxWaitMs: 60_000 });
    host.receiver.decides((request) => {
      const [, second, third] = idsIn(request);
      return { status: 200, body: JSON.stringify({ failed: [third, second, 'evt_unknown', 7, null] }) };
    });
    const events = await publish(host, 5);
    expect(await states(host)).toEqual({ delivered: 3, pending: 2 });
    host.receiver.decides(() => ({ status: 204 }));
    await host.clock.advance('4999ms');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('1ms');
    expect(await states(host)).toEqual({ delivered: 5 });
    expect(host.receiver.requests.slice(1).flatMap(idsIn).sort()).toEqual([events[1]!.id, events[2]!.id].sort());
    const named = (await deliveriesOf(host)).find(({ eventId }) => eventId === events[1]!.id);
    const attempts = await host.deliveries.attemptsOf(named!.id);
    expect(attempts.map(({ number, status, succeeded }) => [number, status, succeeded])).toEqual([
      [1, 200, false],
      [2, 204, true],
    ]);
  });

  it.each([
    ['no JSON', 'OK'],
    ['no list', '{"failed":"evt_1"}'],
    ['a list of strangers', '{"failed":["evt_1",{"id":1},[[]],1e999]}'],
    ['another object', '{"ok":true}'],
    ['half of one', '{"failed":["evt_'],
    ['a list', '[]'],
    ['null', 'null'],
  ])('takes a success with %s in its body for a success of all', async (_, body) => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 2, maxWaitMs: 60_000 });
    host.receiver.answers(200, {}, { body });
    await publish(host, 2);
    expect(await states(host)).toEqual({ delivered: 2 });
  });

  it('takes nothing for delivered where the list of failures is too long to be read', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 3, maxWaitMs: 60_000 });
    host.receiver.answers(...naming([...Array.from({ length: 2_000 }, () => 'evt_unknown')])).then(204);
    await publish(host, 3);
    expect(await states(host)).toEqual({ pending: 3 });
    await host.clock.advance('5s');
    expect(await states(host)).toEqual({ delivered: 3 });
  });

  it('tries a batch that failed as a whole again in parts, and keeps new events apart from it', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 20, maxWaitMs: 1_000 });
    host.receiver.answers(500).then(204);
    const failed = await publish(host, 20);
    await host.clock.advance('4500ms');
    const fresh = await publish(host, 3);
    await host.clock.advance('1500ms');
    expect(await states(host)).toEqual({ delivered: 23 });
    expect(sizes(host).filter((size) => size === 2)).toHaveLength(10);
    const own = new Set(fresh.map(({ id }) => id));
    const mixed = host.receiver.requests.map(idsIn).filter((ids) => ids.some((id) => own.has(id)));
    expect(mixed).toHaveLength(1);
    expect(mixed[0]).toHaveLength(3);
    expect(failed).toHaveLength(20);
  });

  it('lets one event that spoils every batch fail alone, and delivers all others', async () => {
    const { host } = given;
    await subscribeTo(host, { maxEvents: 100, maxWaitMs: 1_000 });
    choksOn(host.receiver, 42);
    const events = await publish(host, 100);
    await host.clock.advance('4d');
    expect(await states(host)).toEqual({ delivered: 99, failed: 1 });
    const spoiling = (await deliveriesOf(host)).find(({ state }) => state === 'failed')!;
    expect(spoiling).toMatchObject({ eventId: events[42]!.id, attemptCount: 10 });
    const delivered = (await deliveriesOf(host)).filter(({ state }) => state === 'delivered');
    expect(Math.max(...delivered.map(({ attemptCount }) => attemptCount))).toBeLessThanOrEqual(3);
  });

  it('turns a subscription off that answers a batch with 410, or asks for it', async () => {
    const { host } = given;
    const gone = await subscribeTo(host, { maxEvents: 2, maxWaitMs: 60_000 });
    host.receiver.answers(410);
    await publish(host, 2);
    expect(await host.subscriptions.get(gone.id)).toMatchObject({ suspendedReason: 'gone' });
    await host.subscriptions.remove(gone.id);
    const asking = await subscribeTo(host, { maxEvents: 2, maxWaitMs: 60_000 });
    host.receiver.answers(200, { 'webhook-delivery': 'disable' });
    await publish(host, 2);
    expect(await host.subscriptions.get(asking.id)).toMatchObject({ suspendedReason: 'asked for by the receiver' });
  });

  it('counts one failure for a batch, and waits as long as its receiver asks', async () => {
    const { host } = given;
    const { id } = await subscribeTo(host, { maxEvents: 10, maxWaitMs: 60_000 });
    host.receiver.answers(503, { 'retry-after': '120' }).then(204);
    await publish(host, 10);
    const [row] = await host.dataSource.query<{ failures: number | string }[]>(
      `SELECT failures FROM webhooks_subscription WHERE id = '${id}'`,
    );
    expect(Number(row!.failures)).toBe(1);
    await host.clock.advance('119s');
    expect(host.receiver).toHaveBeenTried(1);
    await host.clock.advance('5s');
    expect(await states(host)).toEqual({ delivered: 10 });
  });
});

const ATTEMPTS = 4;

/** Ways to answer a batch: by its status and whom it names, or by breaking off. */
const answers = fc.array(
  fc.record({
    status: fc.constantFrom(200, 200, 204, 400, 422, 429, 500, 503, 0),
    namesEach: fc.integer({ min: 1, max: 5 }),
    abort: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
  }),
  { minLength: 1, maxLength: 40 },
);

describeEachDatabase({ only: ['sqlite'] }, (database: TestDatabase) => {
  it('delivers every event or gives it up after its whole schedule, whatever its receiver answers', async () => {
    const run = async (given: { status: number; namesEach: number; abort: boolean }[], maxEvents: number) => {
      const handle = await database.create();
      const host = await Host.start(handle, {
        ...BATCHING_HOST,
        webhooks: { retry: { schedule: ['5s', '10s', '20s'], jitter: 0 } },
      });
      const taken = new Map<string, number>();
      const aborted = new Set<string>();
      try {
        await subscribeTo(host, { maxEvents, maxWaitMs: 500 });
        let next = 0;
        host.receiver.decides((request) => {
          const { status, namesEach, abort } = given[next++ % given.length]!;
          if (status === 0) return 'reset';
          const ids = idsIn(request);
          const failed = status === 200 ? ids.filter((_, index) => index % namesEach === 0) : ids;
          if (status < 300) {
            const named = new Set(status === 200 ? failed : []);
            for (const id of ids.filter((each) => !named.has(each))) taken.set(id, (taken.get(id) ?? 0) + 1);
          }
          if (abort && status !== 204) failed.forEach((id) => aborted.add(id));
          const headers = abort ? { 'webhook-delivery': 'abort-message' } : {};
          return { status, headers, ...(status === 200 && { body: JSON.stringify({ failed }) }) };
        });
        const events = await publish(host, 37);
        await host.clock.advance('1h');
        const deliveries = await deliveriesOf(host);
        expect(deliveries).toHaveLength(events.length);
        for (const { eventId, state, attemptCount } of deliveries) {
          // Taken once and never sent again, or tried as often as its schedule says, or as its receiver wanted.
          if (state === 'delivered') expect(taken.get(eventId)).toBe(1);
          else
            expect([state, attemptCount, taken.get(eventId)]).toEqual([
              'failed',
              aborted.has(eventId) ? attemptCount : ATTEMPTS,
              undefined,
            ]);
        }
      } finally {
        await host.stop();
        await handle.drop();
      }
    };
    await fc.assert(fc.asyncProperty(answers, fc.constantFrom(2, 7, 10, 37, 100), run), { numRuns: 12 });
  }, 120_000);
});
