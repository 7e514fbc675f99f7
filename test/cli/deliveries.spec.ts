import type { DeliveryView } from '../../lib/contracts/standard/delivery.view';
import { describeEachDatabase } from '../support/databases';
import type { Printed } from './command-line';
import { OrderShipped, publish, worldForEach } from './world';

const idsIn = ({ out }: Printed) => (JSON.parse(out) as { data: DeliveryView[] }).data.map(({ id }) => id);

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('are listed newest first, as a table', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { retry: { schedule: [] } } });
    const subscription = await host.subscribe();
    host.receiver.answers(204).then(503);
    await publish(host, 2);
    const { code, out, err } = await world.cli(['deliveries']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [headings, ...rows] = out.trimEnd().split('\n');
    expect(headings).toMatch(/^MADE +STATE +RESULT +TRIES +TOPIC +DELIVERY +SUBSCRIPTION$/);
    expect(rows.map((row) => row.split(/ {2,}/).slice(1, 5))).toEqual([
      ['failed', '503', '1', 'order.created'],
      ['delivered', '204', '1', 'order.created'],
    ]);
    expect(rows[0]).toContain(subscription.id);
  });

  it('are narrowed down by state, topic, subscription, tenant, time and result, and paged', async () => {
    const { world } = given;
    const host = await world.host({ webhooks: { retry: { schedule: [] } } });
    const acme = await host.subscribe({ tenant: 'acme' });
    await host.subscribe({ tenant: 'globex', url: host.receiver.url('/globex') });
    host.receiver.answers(204).then(500).then(204);
    await publish(host, 2, 'acme');
    await host.clock.advance('1h');
    await publish(host, 1, 'globex');
    await host.webhooks.publish(OrderShipped, { id: 'B-1' }, { tenant: 'acme' });
    await host.webhooks.idle();
    const found = async (...options: string[]) => idsIn(await world.cli(['deliveries', '--json', ...options])).length;
    expect(await found()).toBe(4);
    expect(await found('--state', 'failed')).toBe(1);
    expect(await found('--last-result', '500')).toBe(1);
    expect(await found('--topic', 'order.shipped')).toBe(1);
    expect(await found('--subscription', acme.id)).toBe(3);
    expect(await found('--subscription', String(acme.number), '--tenant', 'acme')).toBe(3);
    expect(await found('--subscription', acme.id, '--tenant', 'globex')).toBe(0);
    expect(await found('--tenant', 'globex')).toBe(1);
    expect(await found('--from', '30m')).toBe(2);
    expect(await found('--to', '30m')).toBe(2);
    const first = await world.cli(['deliveries', '--json', '--limit', '3']);
    const { nextCursor } = JSON.parse(first.out) as { nextCursor: string };
    const second = await world.cli(['deliveries', '--json', '--limit', '3', '--cursor', nextCursor]);
    expect(new Set([...idsIn(first), ...idsIn(second)]).size).toBe(4);
    expect((await world.cli(['deliveries', '--limit', '3'])).err).toBe(`More: add --cursor ${nextCursor}\n`);
  });

  it('may be none, and their subscription may be none', async () => {
    const { world } = given;
    await world.cli(['migrate']);
    expect(await world.cli(['deliveries'])).toEqual({ code: 0, out: '', err: 'No such deliveries.\n' });
    expect(await world.cli(['deliveries', '--subscription', '99'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no subscription "99"') as string,
    });
  });
});
