import { SystemClock } from '../../lib/shared/clock';
import { describeEachDatabase } from '../support/databases';
import { publish, worldForEach, type World } from './world';

const LIVELY = { clock: new SystemClock(), webhooks: { leaseMs: 1_000, pollMs: 10, retry: { schedule: [] } } };

const replay = (world: World, args: readonly string[], calling: object = {}) =>
  world.cli(['replay', ...args], { clock: new SystemClock(), ...calling });

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('has the hosts send what a subscription never had, and shows how far they get', async () => {
    const { world } = given;
    const host = await world.host(LIVELY);
    await publish(host, 3);
    const { number } = await host.subscribe();
    const { code, out, err } = await replay(world, [String(number), '--from', '1h', '--only', 'missing']);
    expect(code).toBe(0);
    expect(out).toBe('Finished: 100 %, 3 events looked at, 3 made due; 3 deliveries on the way.\n');
    expect(err).toContain('Replaying: ');
    await host.receiver.waitFor(3);
  });

  it('keeps to topics and time, and sends what has failed unless told otherwise', async () => {
    const { world } = given;
    const host = await world.host(LIVELY);
    const { id } = await host.subscribe();
    host.receiver.answers(204).then(500).then(204);
    await publish(host, 2);
    const json = async (...args: string[]) =>
      JSON.parse((await replay(world, [id, '--json', ...args])).out) as Record<string, unknown>;
    expect(await json('--from', '1h', '--topics', 'order.shipped')).toMatchObject({ scheduled: 0, only: 'failed' });
    expect(await json('--from', '2h', '--to', '1h')).toMatchObject({ scheduled: 0 });
    expect(await json('--from', '1h', '--topics', 'order.*')).toMatchObject({ state: 'finished', scheduled: 1 });
    expect(await json('--from', '1h', '--only', 'all')).toMatchObject({ scheduled: 2 });
    await host.receiver.waitFor(5);
  });

  it('goes on after Ctrl-C, can be watched again, and canceled', async () => {
    const { world } = given;
    const host = await world.host(LIVELY);
    const { id } = await host.subscribe({ enabled: false });
    await publish(host, 1);
    const onOutput = (text: string, interrupt: () => void) => text.includes('Replaying: ') && interrupt();
    const left = await replay(world, [id, '--from', '1h', '--only', 'all'], { onOutput });
    expect(left.code).toBe(0);
    expect(left.out).toMatch(/^Running: \d+ %/);
    expect(left.err).toContain('The subscription is off; the replay waits until it is on again.');
    const replayId = /--cancel (rpl_\w+)/.exec(left.err)![1]!;
    expect((await replay(world, ['--watch', replayId], { onOutput })).out).toMatch(/^Running/);
    expect(await replay(world, ['--cancel', replayId])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Canceled/) as string,
    });
    expect((await replay(world, ['--watch', replayId])).code).toBe(1);
    expect((await replay(world, ['--cancel', replayId])).out).toContain('had ended before');
    expect((await replay(world, ['--cancel', 'rpl_1'])).err).toContain('There is no replay "rpl_1"');
    expect(host.receiver.requests).toEqual([]);
  });

  it('begins what is missing no earlier than it is known what was delivered', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { retention: { deliveredDays: 1, eventDays: 7 } } });
    const { id } = await host.subscribe();
    await publish(host, 1);
    await host.clock.advance('25h');
    expect((await host.deliveries.list({})).data).toEqual([]);
    const missing = (from: string) =>
      world.cli(['replay', id, '--from', from, '--only', 'missing', '--detach', '--json']);
    expect(await missing('2d')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nobody knows what is missing') as string,
    });
    await publish(host, 1);
    const keptSince = host.clock.now();
    expect((await missing('2d')).err).toContain('Deliveries are not kept long enough');
    await host.clock.advance('2h');
    const began = await missing('2d');
    expect(began.err).toContain('nobody knows whether they were delivered: begins there');
    expect(Date.parse((JSON.parse(began.out) as { from: string }).from)).toBeGreaterThanOrEqual(keptSince);
  });

  it('waits for a host where none is running', async () => {
    const { world } = given;
    const host = await world.host();
    const { id } = await host.subscribe();
    await host.app.close();
    const { code, err } = await world.cli(['replay', id, '--from', '1h', '--detach']);
    expect(code).toBe(0);
    expect(err).toContain('No host is running; the replay begins when one starts.');
  });
});
