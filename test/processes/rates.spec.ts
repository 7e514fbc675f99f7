import type { Attempt } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { excessOf } from '../support/rate-bound';
import { Receiver } from '../support/receiver';
import { startHost, type HostProcess } from './host';

jest.setTimeout(60_000);

const RATE = { perSecond: 25, burst: 5 };

describeEachDatabase((database) => {
  const hosts: HostProcess[] = [];
  let receiver: Receiver;
  let handle: DatabaseHandle;
  const start = async () => {
    const host = await startHost({ databaseUrl: handle.url });
    hosts.push(host);
    return host;
  };
  /** Resolves when so many attempts are written down. */
  const recorded = async (host: HostProcess, count: number): Promise<Attempt[]> => {
    for (;;) {
      const attempts = await host.call('attempts');
      if (attempts.length >= count) return attempts;
      await receiver.waitFor(receiver.requests.length + 1, 1_000).catch(() => undefined);
    }
  };

  beforeEach(async () => {
    handle = await database.create();
    receiver = await Receiver.start();
  });

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.end()));
    await receiver.close();
    await handle.drop();
  });

  it('keeps to a rate when two processes publish, and when the one that sends is killed', async () => {
    const [first, second] = [await start(), await start()];
    await first.call('subscribe', [{ url: receiver.url('/'), topics: ['*'], preferences: { rate: RATE } }]);
    await Promise.all([first, second].map((host) => host.call('publish', 60)));
    await receiver.waitFor(30, 20_000);
    const owner = receiver.requests[0]!.headers['x-sent-by'];
    const [killed, left] = String(first.pid) === owner ? [first, second] : [second, first];
    await killed.kill();
    const attempts = await recorded(left, 120);
    // What was in flight when its process was killed is sent once more, and its first attempt never written down.
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(120);
    expect(receiver.requests.length).toBeLessThanOrEqual(120 + 32);
    expect(new Set(receiver.requests.map(({ headers }) => headers['x-sent-by'])).size).toBe(2);
    expect(
      excessOf(
        attempts.map(({ startedAt }) => startedAt),
        RATE,
      ),
    ).toBeLessThanOrEqual(0);
  });
});
