import type { Duration } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { StepReceiver } from '../support/step-receiver';
import { startHost, type HostProcess } from './host';

jest.setTimeout(90_000);

const RETRIES = { schedule: Array<Duration>(30).fill('50ms'), jitter: 0 };
const ORDERS = [1, 2, 3, 4, 5, 6];

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  let receiver: StepReceiver;
  const hosts: HostProcess[] = [];

  beforeEach(async () => {
    handle = await database.create();
    receiver = await StepReceiver.start((data) => stepOf((data as { serial: number }).serial));
    receiver.takesMs = 5;
    let requests = 0;
    receiver.answer = () => (requests++ % 7 === 3 ? 500 : 204);
  });

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.end()));
    await receiver.close();
    await handle.drop();
  });

  const start = async (): Promise<HostProcess> => {
    const host = await startHost({ databaseUrl: handle.url, webhooks: { retry: RETRIES } });
    hosts.push(host);
    return host;
  };
  const subscribe = (host: HostProcess) =>
    host.call('subscribe', [{ url: receiver.url, topics: ['*'], preferences: { order: 'fifo' } }]);
  const until = async (reached: () => boolean, longestMs: number) => {
    const deadline = performance.now() + longestMs;
    while (!reached() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const stepsOf = (order: number) => receiver.of(`${order}/`).map((step) => Number(step.split('/')[1]));
  const expectOrder = () => {
    for (const order of ORDERS) {
      const steps = stepsOf(order);
      expect({ order, steps }).toEqual({ order, steps: [...steps].sort((one, other) => one - other) });
    }
    expect([...receiver.overlapping]).toEqual([]);
  };

  it('keeps the order of every key when its process is killed, and another goes on', async () => {
    const first = await start();
    await subscribe(first);
    const published = first.call('publishSteps', ORDERS, 1, 40).then(
      () => true,
      () => false,
    );
    await until(() => receiver.accepted.length >= 60, 30_000);
    await first.kill();
    await published;
    const second = await start();
    await second.call('publishSteps', ORDERS, 41, 60);
    const isDone = () => ORDERS.every((order) => stepsOf(order).includes(60));
    await until(isDone, 45_000);
    expectOrder();
    for (const order of ORDERS) expect(stepsOf(order)).toEqual(expect.arrayContaining(range(41, 60)));
  });

  // SQLite is one process's at a time here: two would only wait for each other.
  if (database.kind === 'sqlite') return;

  it('keeps it when two processes publish and one after the other is killed', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    await subscribe(first);
    const [ofFirst, ofSecond] = [ORDERS.slice(0, 3), ORDERS.slice(3)];
    const interrupted = first.call('publishSteps', ofFirst, 1, 200).catch(() => undefined);
    const whole = second.call('publishSteps', ofSecond, 1, 40);
    await until(() => receiver.accepted.length >= 40, 30_000);
    await first.kill();
    await Promise.all([interrupted, whole]);
    const third = await start();
    await third.call('publishSteps', ofFirst, 201, 220);
    await until(() => receiver.accepted.length >= 150, 20_000);
    await second.kill();
    await third.call('publishSteps', ofSecond, 41, 60);
    const isDone = () =>
      ofFirst.every((order) => stepsOf(order).includes(220)) && ofSecond.every((order) => stepsOf(order).includes(60));
    await until(isDone, 45_000);
    expectOrder();
    for (const order of ofFirst) expect(stepsOf(order)).toEqual(expect.arrayContaining(range(201, 220)));
    for (const order of ofSecond) expect(stepsOf(order)).toEqual(range(1, 60));
  });
});

function stepOf(serial: number) {
  return { order: `${Math.floor(serial / 10_000)}/`, step: serial % 10_000 };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
