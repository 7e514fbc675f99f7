import { packcloud, standard } from 'nestjs-webhooks/contracts';
import type { DeliveryView } from '../../lib/contracts/standard/delivery.view';
import { SystemClock } from '../../lib/shared/clock';
import { describeEachDatabase } from '../support/databases';
import { OrderCreated, publish, worldForEach, type World } from './world';

/** A host that hears of what others ask for at once, by the time of the machine. */
const LIVELY = { clock: new SystemClock(), webhooks: { leaseMs: 1_000, pollMs: 10, retry: { schedule: [] } } };

async function lastDelivery(world: World): Promise<string> {
  const { out } = await world.cli(['deliveries', '--json', '--limit', '1'], { clock: new SystemClock() });
  return (JSON.parse(out) as { data: DeliveryView[] }).data[0]!.id;
}

const resend = (world: World, ...args: string[]) => world.cli(['resend', ...args], { clock: new SystemClock() });

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('has a host send a delivery again, and prints what came back', async () => {
    const { world } = given;
    const host = await world.host(LIVELY);
    await host.subscribe();
    host.receiver.answers(500).then(200, {}, { body: 'thank\u001b[31m you' });
    await publish(host, 1);
    const id = await lastDelivery(world);
    const { code, out } = await resend(world, id);
    expect(code).toBe(0);
    expect(out).toMatch(/^taken, status 200, in \d+ ms\n\n {2}thank\\x1b\[31m you\n$/);
    const [first, second] = host.receiver.requests;
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(await host.deliveries.byId(id)).toMatchObject({ state: 'delivered' });
  });

  it('sends what was delivered before once more, and says when it is not taken', async () => {
    const { world } = given;
    const host = await world.host(LIVELY);
    await host.subscribe();
    host.receiver.answers(204).then(503);
    await publish(host, 1);
    const { code, out } = await resend(world, await lastDelivery(world), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ succeeded: false, status: 503, number: 1 });
  });

  it('leaves a delivery due where no host is running, and says so', async () => {
    const { world } = given;
    const host = await world.host();
    await host.subscribe();
    await publish(host, 1);
    const id = await lastDelivery(world);
    const { receiver } = host;
    await host.app.close();
    const { code, out, err } = await resend(world, id, '--wait', '0');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('No host is running; it is sent when one starts.');
    expect(err).toContain('stays due');
    expect(receiver.requests).toHaveLength(1);
    const next = await world.host({ clock: new SystemClock() });
    await receiver.waitFor(2);
    await next.webhooks.idle();
    expect(await next.deliveries.byId(id)).toMatchObject({ state: 'delivered' });
  });

  it('refuses what no host would send, and sends nothing', async () => {
    const { world } = given;
    const host = await world.host(LIVELY);
    const { id: subscription } = await host.subscribe();
    await publish(host, 1);
    const id = await lastDelivery(world);
    await host.subscriptions.update(subscription, { enabled: false });
    const refusal = async () => (await resend(world, id)).err;
    expect(await refusal()).toContain('is disabled by its owner. POST deliveries/:id/resend sends it all the same');
    await host.subscriptions.update(subscription, { enabled: true });
    await host.dataSource.query(`UPDATE webhooks_event SET payload = ''`);
    expect(await refusal()).toContain('retention has taken the payload of its event');
    await host.subscriptions.remove(subscription);
    expect(await refusal()).toContain('its subscription is gone');
    expect((await resend(world, 'dlv_1')).err).toContain('There is no delivery "dlv_1"');
    expect(host.receiver.requests).toHaveLength(1);
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = worldForEach(database);

  it('sends as the contract of its subscription says, because a host does', async () => {
    const { world } = given;
    const webhooks = { ...LIVELY.webhooks, contracts: [standard(), packcloud()] };
    const host = await world.host({ ...LIVELY, webhooks });
    await host.subscribe({
      contract: 'packcloud',
      tenant: 'acme',
      topics: ['order.created'],
      secret: 'a secret of theirs',
    });
    await host.webhooks.publish(OrderCreated, { id: 'A-1' }, { tenant: 'acme' });
    await host.webhooks.idle();
    expect((await resend(world, await lastDelivery(world))).code).toBe(0);
    const [first, second] = host.receiver.requests;
    expect(second!.headers.signature).toBe(first!.headers.signature);
    expect(second!.body).toBe(first!.body);
    expect(second!.headers.signature).toBeDefined();
  });

  it('says when hosts serve the contract no longer', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { contracts: [standard(), packcloud()] } });
    await host.subscribe({
      contract: 'packcloud',
      tenant: 'acme',
      topics: ['order.created'],
      secret: 'a secret of theirs',
    });
    await host.webhooks.publish(OrderCreated, { id: 'A-1' }, { tenant: 'acme' });
    await host.webhooks.idle();
    const id = await lastDelivery(world);
    await host.app.close();
    await world.host(LIVELY);
    expect(await resend(world, id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('was given up by a host') as string,
    });
  });
});
