import { describeEachDatabase, type DatabaseHandle, type TestDatabase } from '../support/databases';
import { Receiver, type ReceivedRequest } from '../support/receiver';
import { startHost, type HostProcess } from './host';

jest.setTimeout(60_000);

function processesForEach(database: TestDatabase) {
  const hosts: HostProcess[] = [];
  const given = { receiver: undefined as unknown as Receiver, database: undefined as unknown as DatabaseHandle };
  beforeEach(async () => {
    given.database = await database.create();
    given.receiver = await Receiver.start();
  });
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.end()));
    await given.receiver.close();
    await given.database.drop();
  });
  const start = async () => {
    const host = await startHost({ databaseUrl: given.database.url });
    hosts.push(host);
    return host;
  };
  return { given, start };
}

describeEachDatabase((database) => {
  const { given, start } = processesForEach(database);

  it('delivers an event whose process was killed between the commit and the fan-out', async () => {
    const first = await start();
    await first.call('subscribe', [{ url: given.receiver.url('/'), topics: ['*'] }]);
    await expect(first.call('publishAndDie')).rejects.toThrow('ended without an answer');
    expect(given.receiver).toHaveBeenTried(0);
    await start();
    await given.receiver.waitFor(1, 30_000);
    expect(given.receiver).toHaveBeenTried(1);
  });

  it('repeats after a kill only what was in flight', async () => {
    const first = await start();
    given.receiver.answers(204).thenHangs();
    await first.call('subscribe', [{ url: given.receiver.url('/'), topics: ['*'] }]);
    await first.call('publish', 10);
    await given.receiver.waitFor(4);
    await first.kill();
    const inFlight = given.receiver.requests.length - 1;
    given.receiver.answers(204);
    await start();
    await given.receiver.waitFor(10 + inFlight, 30_000);
    expect(new Set(given.receiver.requests.map(idOf)).size).toBe(10);
    expect(given.receiver).toHaveBeenTried(10 + inFlight);
  });
});

/** By hand 100,000: `WEBHOOKS_REPLAYED_EVENTS=100000 npm run specs -- test/processes -t replay`. */
const REPLAYED_EVENTS = Number(process.env.WEBHOOKS_REPLAYED_EVENTS ?? 4_000);
/** A hundredth of the pace that is usual, so that a busy machine does not fail it. */
const REPLAY_TIMEOUT_MS = 20_000 + 10 * REPLAYED_EVENTS;

describeEachDatabase((database) => {
  const { given, start } = processesForEach(database);
  const arrived = () => new Set(given.receiver.byPath('/past').map(idOf)).size;
  const missing = () => REPLAYED_EVENTS + 100 - arrived();

  it(
    'goes on with a replay whose process was killed half-way, with none missed, beside live events',
    async () => {
      const first = await start();
      for (let published = 0; published < REPLAYED_EVENTS; published += 2_000) await first.call('publish', 2_000);
      const past = { url: given.receiver.url('/past'), topics: ['*'] };
      const replay = await first.call('subscribeToThePast', past);
      await given.receiver.waitFor(REPLAYED_EVENTS / 2, REPLAY_TIMEOUT_MS);
      await first.kill();
      const second = await start();
      await second.call('subscribe', [{ url: given.receiver.url('/live'), topics: ['*'] }]);
      await second.call('publish', 100);
      while (missing() > 0) {
        await given.receiver.waitFor(given.receiver.requests.length + missing(), REPLAY_TIMEOUT_MS);
      }
      expect(arrived()).toBe(REPLAYED_EVENTS + 100);
      expect(given.receiver.byPath('/live')).toHaveLength(100);
      // Its last step, which finds nothing left, comes after the last arrival.
      let ended = await second.call('replay', replay);
      while (ended.state === 'running') ended = await second.call('replay', replay);
      expect(ended).toMatchObject({ state: 'finished' });
      // Beyond that only what was in flight, at most what one subscription may have.
      expect(given.receiver.byPath('/past').length).toBeLessThanOrEqual(REPLAYED_EVENTS + 100 + 32);
    },
    2 * REPLAY_TIMEOUT_MS,
  );
});

describeEachDatabase({ only: ['postgres', 'mysql'] }, (database) => {
  const { given, start } = processesForEach(database);

  it('delivers 5,000 deliveries from two processes, each exactly once', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const paths = Array.from({ length: 10 }, (_, index) => `/${index}`);
    await first.call(
      'subscribe',
      paths.map((path) => ({ url: given.receiver.url(path), topics: ['*'] })),
    );
    await Promise.all([first, second].map((host) => host.call('publish', 250)));
    await given.receiver.waitFor(5_000, 50_000);
    await Promise.all([first.end(), second.end()]);
    const deliveries = given.receiver.requests.map((request) => `${idOf(request)} ${request.path}`);
    expect(deliveries).toHaveLength(5_000);
    expect(new Set(deliveries).size).toBe(5_000);
  });
});

function idOf({ headers }: ReceivedRequest): string {
  return headers['webhook-id'] as string;
}
