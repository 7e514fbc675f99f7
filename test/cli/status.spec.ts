import { describeEachDatabase } from '../support/databases';
import { aKey, idOfKey } from '../support/encryption-keys';
import { OrderCreated, publish, worldForEach } from './world';

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('tells of the backlog, the processes, lanes, subscriptions and secrets', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { encryptionKeys: [aKey(1)] } });
    const subscription = await host.subscribe();
    await host.subscribe({ topics: ['other'], url: host.receiver.url('/other') }).catch(() => undefined);
    host.receiver.answers(500);
    await publish(host, 2);
    await host.clock.advance('3m');
    const { code, out, err } = await world.cli(['status']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /Backlog +2 deliveries pending; the oldest was made \d minutes ago, the first is due in \d minutes/,
    );
    expect(out).toMatch(/Processes +1$/m);
    expect(out).toMatch(/Lanes +\d/);
    expect(out).toContain(`under key ${idOfKey(aKey(1))}`);
    expect(out).toMatch(/Replays +none under way/);
    expect(out).not.toContain(subscription.secrets.current());
  });

  it('counts what is suspended, and shows replays under way', async () => {
    const { world } = given;
    const host = await world.host();
    const subscription = await host.subscribe();
    host.receiver.answers(410);
    await publish(host, 1);
    const began = await world.cli(['replay', subscription.id, '--from', '1h', '--only', 'all', '--detach', '--json']);
    const { id } = JSON.parse(began.out) as { id: string };
    const { out } = await world.cli(['status']);
    expect(out).toMatch(/Subscriptions +1, 1 suspended/);
    expect(out).toMatch(new RegExp(`${id} +to ${subscription.id}: 0 %, 0 events looked at, 0 made due`));
  });

  it('answers JSON, and enters no process of its own', async () => {
    const { world } = given;
    const host = await world.host();
    await host.subscribe({ enabled: false });
    await host.webhooks.publish(OrderCreated, { id: 'A-1' });
    const { out } = await world.cli(['status', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      backlog: { pending: 0, complete: true, firstDueAt: null, oldestAt: null },
      lanes: { lanes: 1, nodes: [{ leaseMs: expect.any(Number) as number }] },
      subscriptions: { total: 1, suspended: 0 },
      replays: [],
      secrets: [{ keyId: null, subscriptions: 1 }],
    });
  });

  it('says that nothing is delivered where no process is alive', async () => {
    const { world } = given;
    await world.cli(['migrate']);
    expect((await world.cli(['status'])).out).toContain('none: nothing is delivered until one starts');
  });
});
