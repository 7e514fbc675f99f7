import { RetentionRepository } from '../../lib/retention/retention.repository';
import { describeEachDatabase } from '../support/databases';
import { OrderCreated, publish, worldForEach } from './world';

const KEEPS_ALL = { retention: false, retry: { schedule: [] } } as const;

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('takes away what is old enough, and nothing that was not named', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: KEEPS_ALL });
    await host.subscribe();
    host.receiver.answers(204).then(500).then(204);
    await publish(host, 2);
    await host.clock.advance('40d');
    await publish(host, 1);
    const { code, out } = await world.cli(['prune', '--delivered-days', '30']);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^Taken away from .+:\n {2}deliveries {2}1\n {2}attempts {4}1\n$/) as string,
    });
    expect((await host.deliveries.list({})).data.map(({ state }) => state)).toEqual(['delivered', 'failed']);
    expect(await host.events()).toHaveLength(3);
  });

  it('never takes what is pending', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { retention: false } });
    await host.subscribe({ enabled: false });
    await host.subscribe();
    host.receiver.answers(500);
    await publish(host, 1);
    await host.clock.advance('1h');
    const days = ['delivered', 'failed', 'event'].flatMap((each) => [`--${each}-days`, '1']);
    const { out } = await world.cli(['prune', ...days, '--payload-days', '0', '--answer-days', '0']);
    expect(out).toContain('nothing');
    expect((await host.events())[0]!.payload).not.toBe('');
  });

  it('counts with --dry-run what would go, and takes nothing', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: KEEPS_ALL });
    await host.subscribe();
    await publish(host, 3);
    await host.webhooks.publish(OrderCreated, { id: 'B' }, { tenant: 'nobody' });
    await host.webhooks.idle();
    await host.clock.advance('31d');
    const dry = await world.cli(['prune', '--defaults', '--dry-run', '--json']);
    expect(JSON.parse(dry.out)).toMatchObject({ deliveries: 4, events: 0, payloads: 0, statistics: 0 });
    const bodies = await world.cli(['prune', '--payload-days', '7', '--answer-days', '7', '--dry-run']);
    expect(bodies.out).toMatch(/^Would go now:\n(.*\n)*? {2}payloads +4\n/);
    expect((await host.deliveries.list({})).data).toHaveLength(4);
    const taken = await world.cli(['prune', '--defaults', '--payload-days', '7', '--json']);
    expect(JSON.parse(taken.out)).toMatchObject({ deliveries: 4, attempts: 4, events: 4, payloads: 0 });
    expect(await host.events()).toEqual([]);
  });

  it('leaves it to a host that is at it', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: KEEPS_ALL });
    const repository = host.app.get(RetentionRepository);
    await repository.claim('rows', host.clock.now() - 60_000, 0);
    const { code, err } = await world.cli(['prune', '--defaults']);
    expect(code).toBe(1);
    expect(err).toContain('A process is at it already');
    await host.clock.advance('2m');
    expect((await world.cli(['prune', '--defaults'])).code).toBe(0);
  });

  it('ends in good order after Ctrl-C', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: KEEPS_ALL });
    await host.subscribe();
    await publish(host, 1);
    await host.clock.advance('40d');
    const onOutput = (_: string, interrupt: () => void) => interrupt();
    const { code, err } = await world.cli(['prune', '--delivered-days', '1'], { onOutput });
    expect(code).toBe(1);
    expect(err).toContain('Stopped. Taken away so far:');
  });
});
