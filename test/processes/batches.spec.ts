import { idsIn } from '../engine/batches-host';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Receiver } from '../support/receiver';
import { startHost, type HostProcess } from './host';

jest.setTimeout(60_000);

describeEachDatabase((database) => {
  const hosts: HostProcess[] = [];
  let receiver: Receiver;
  let handle: DatabaseHandle;
  const start = async () => {
    const host = await startHost({ databaseUrl: handle.url });
    hosts.push(host);
    return host;
  };
  const arrived = () => receiver.requests.flatMap(idsIn);
  const untilArrived = async (count: number) => {
    while (new Set(arrived()).size < count) await receiver.waitFor(receiver.requests.length + 1, 30_000);
  };
  const subscribe = (host: HostProcess, maxEvents: number, maxWaitMs: number) =>
    host.call('subscribe', [
      { url: receiver.url('/'), topics: ['*'], preferences: { batch: { maxEvents, maxWaitMs } } },
    ]);

  beforeEach(async () => {
    handle = await database.create();
    receiver = await Receiver.start();
  });

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.end()));
    await receiver.close();
    await handle.drop();
  });

  it('loses nothing when it is killed while batches are under way, and repeats no more than those', async () => {
    const first = await start();
    receiver.answers(204).thenHangs();
    await subscribe(first, 20, 100);
    await first.call('publish', 200);
    await receiver.waitFor(4);
    await first.kill();
    const inFlight = receiver.requests.slice(1).flatMap(idsIn);
    receiver.answers(204);
    await start();
    await untilArrived(200);
    const times = new Map<string, number>();
    for (const id of arrived()) times.set(id, (times.get(id) ?? 0) + 1);
    const repeated = [...times].filter(([, count]) => count > 1).map(([id]) => id);
    expect(times.size).toBe(200);
    expect(repeated.filter((id) => !inFlight.includes(id))).toEqual([]);
    expect(Math.max(...times.values())).toBe(2);
  });

  it('sends what waited for others when it was killed', async () => {
    const first = await start();
    await subscribe(first, 100, 60_000);
    await first.call('publish', 30);
    await first.kill();
    expect(receiver).toHaveBeenTried(0);
    const second = await start();
    await second.call('publish', 70);
    await untilArrived(100);
    expect(receiver.requests.map((request) => idsIn(request).length)).toEqual([100]);
  });

  it('sends every event once where two processes publish', async () => {
    const [first, second] = [await start(), await start()];
    await subscribe(first, 50, 200);
    for (let round = 0; round < 4; round++) await Promise.all([first, second].map((host) => host.call('publish', 100)));
    await untilArrived(800);
    await Promise.all([first, second].map((host) => host.end()));
    expect(arrived()).toHaveLength(800);
    expect(Math.max(...receiver.requests.map((request) => idsIn(request).length))).toBeLessThanOrEqual(50);
  });
});
