import { Logger } from '@nestjs/common';
import { defineTopic } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped], webhooks: { retry: { schedule: ['1s'], jitter: 0 } } });
  const lines: string[] = [];

  beforeEach(() => {
    for (const level of ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((...said: unknown[]) => {
        lines.push(`${level}: ${said.join(' ')}`);
      });
    }
  });
  afterEach(() => lines.splice(0));

  it('The log says what happened, and repeats no body, no secret and no URL', async () => {
    const { host } = given;
    const secret = `whsec_${'S3cret00'.repeat(4)}`;
    const { id } = await host.subscribe({ url: host.receiver.url('/private-path?key=hunter2'), secret });
    host.receiver
      .answers(200, {}, { body: 'private answer' })
      .then(500, {}, { body: 'private failure' })
      .then(500)
      .then(410)
      .then(204);
    for (const name of ['one', 'two', 'three']) {
      await host.webhooks.publish(OrderShipped, { id: `private payload ${name}` });
      await host.webhooks.idle();
      await host.clock.advance('1s');
    }
    const { data } = await host.deliveries.list({});
    await host.webhooks.resend(data[0]!.id);
    await host.dataSource.query('DROP TABLE webhooks_delivery');
    await host.subscriptions.resume(id);
    await host.dataSource.transaction(async (transaction) => {
      await host.webhooks.publish(OrderShipped, { id: 'private payload four' }, { transaction });
    });
    await host.webhooks.idle();
    const [taken, failed, gone] = [...data].reverse().map((delivery) => delivery.id);
    const expected = [
      `verbose: ${taken} was delivered at attempt 1`,
      `debug: ${failed} failed at attempt 1 (status 500), is tried again at 2025-01-01T00:00:02.000Z`,
      `warn: ${failed} to ${id} failed for good at attempt 2 (status 500)`,
      `warn: ${gone} to ${id} failed for good at attempt 1 (status 410)`,
      `warn: ${id} was suspended: gone`,
      `log: ${gone} was sent again by hand (status 204)`,
    ];
    expect(lines.slice(0, expected.length)).toEqual(expected);
    expect(lines.filter((line) => /^error: fanning out evt_\w+ failed: .*delivery/.test(line))).not.toEqual([]);
    for (const secretive of ['private', 'hunter2', 'S3cret', '127.0.0.1']) {
      expect(lines.filter((line) => line.includes(secretive))).toEqual([]);
    }
  });
});
