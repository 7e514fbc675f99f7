import { defineTopic } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { Note } from '../engine/note.entity';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const topics = [OrderShipped];

async function expectDelivery(host: Host): Promise<void> {
  await host.subscribe();
  await host.webhooks.publish(OrderShipped, { id: 'A-1' });
  await host.webhooks.idle();
  expect(host.receiver).toHaveBeenTried(1);
}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  const hosts: Host[] = [];
  const start = async (options: Parameters<typeof Host.start>[1] = {}, differences: object = {}) => {
    const host = await Host.start({ options: { ...handle.options, ...differences } }, { topics, ...options });
    hosts.push(host);
    return host;
  };

  beforeEach(async () => (handle = await database.create()));

  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  it('are made once by however many hosts start at once', async () => {
    const started = await Promise.all([start(), start(), start()]);
    const rows: unknown[] = await started[0].dataSource.query('SELECT * FROM webhooks_migrations');
    expect(rows).toHaveLength(1);
    await expectDelivery(started[1]);
  });

  it('are accepted as they are by a host that may only verify them', async () => {
    await (await start()).stop();
    hosts.length = 0;
    await expectDelivery(await start({ webhooks: { schema: 'verify' } }));
  });

  it('begin with the prefix that the host chose', async () => {
    const host = await start({ webhooks: { tablePrefix: 'hooks_' } });
    await expectDelivery(host);
    expect(await host.dataSource.query('SELECT * FROM hooks_delivery')).toHaveLength(1);
  });

  it("are left alone by the host's own naming, prefix and synchronisation", async () => {
    const host = await start({ entities: [Note] }, { entityPrefix: 'host_', synchronize: true });
    await host.dataSource.getRepository(Note).save({ text: 'one' });
    await host.webhooks.idle();
    await host.dataSource.synchronize();
    expect(await host.dataSource.query('SELECT * FROM webhooks_event')).toHaveLength(1);
    await expectDelivery(host);
  });

  it('survive that the database goes away before the host ends', async () => {
    const host = await start();
    await expectDelivery(host);
    await handle.drop();
    await host.app.close();
  });
});

describeEachDatabase({ only: ['postgres'] }, (database) => {
  it("stand in the schema of the host's data source", async () => {
    const handle = await database.create();
    const admin = await Host.start(handle, { topics });
    await admin.dataSource.query('CREATE SCHEMA "Tenant-1"');
    const host = await Host.start({ options: { ...handle.options, schema: 'Tenant-1' } as never }, { topics });
    await expectDelivery(host);
    expect(await host.dataSource.query('SELECT * FROM "Tenant-1".webhooks_delivery')).toHaveLength(1);
    await admin.stop();
    await host.stop();
    await handle.drop();
  });
});

describe('A host on SQLite in memory', () => {
  const options = { type: 'better-sqlite3', database: ':memory:' } as const;

  it('shares its connection with the engine, which waits for its transactions', async () => {
    const host = await Host.start({ options }, { topics, entities: [Note] });
    await host.subscribe();
    const rolledBack = host.dataSource.transaction(async (manager) => {
      await manager.save(Note, { text: 'dropped' });
      void host.webhooks.publish(OrderShipped, { id: 'outside' });
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('undo');
    });
    await expect(rolledBack).rejects.toThrow('undo');
    await host.webhooks.publish(OrderShipped, { id: 'after' });
    await host.webhooks.idle();
    expect(host.receiver).toHaveBeenTried(2);
    expect((await host.events()).map(({ topic }) => topic)).toEqual(['order.shipped', 'order.shipped']);
    await host.stop();
  });
});
