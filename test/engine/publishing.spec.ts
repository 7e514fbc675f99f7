import { Client } from 'pg';
import { defineTopic, WebhooksError, type PublishOptions } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';
import { Note } from './note.entity';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment, {
  tenant: ({ id }) => (id.startsWith('acme-') ? 'acme' : null),
  subject: ({ id }) => id,
});

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped], entities: [Note] });
  const publish = (id: string, options?: PublishOptions) => given.host.webhooks.publish(OrderShipped, { id }, options);
  const delivered = () =>
    given.host.receiver.requests.map(({ body }) => (JSON.parse(body) as { data: Shipment }).data.id);

  it('is durable when the promise resolves, whether or not anybody wants the event', async () => {
    const { id } = await publish('A-1');
    expect(await given.host.events()).toMatchObject([{ id, topic: 'order.shipped', subject: 'A-1', tenant: null }]);
  });

  it('reads tenant and subject from the payload where the topic says how, unless the publisher says it', async () => {
    await publish('acme-1');
    await publish('acme-2', { tenant: 'globex', subject: 'two' });
    expect(await given.host.events()).toMatchObject([
      { tenant: 'acme', subject: 'acme-1' },
      { tenant: 'globex', subject: 'two' },
    ]);
  });

  it("publishes exactly once per subscription when the host's transaction commits", async () => {
    const { host } = given;
    await host.subscribe();
    await host.dataSource.transaction(async (manager) => {
      await publish('A-1', { transaction: manager });
      await publish('A-2', { transaction: manager.queryRunner! });
      await host.webhooks.idle();
      expect(host.receiver).toHaveBeenTried(0);
    });
    await host.webhooks.idle();
    expect(delivered().sort()).toEqual(['A-1', 'A-2']);
  });

  it("publishes nothing when the host's transaction is rolled back", async () => {
    const { host } = given;
    await host.subscribe();
    const transaction = host.dataSource.transaction(async (manager) => {
      await publish('A-1', { transaction: manager });
      throw new Error('changed my mind');
    });
    await expect(transaction).rejects.toThrow('changed my mind');
    await host.clock.advance('1m');
    expect(await host.events()).toEqual([]);
    expect(host.receiver).toHaveBeenTried(0);
  });

  it('publishes what a committed transaction published outside its rolled back savepoint', async () => {
    const { host } = given;
    await host.subscribe();
    await host.dataSource.transaction(async (manager) => {
      await publish('kept', { transaction: manager });
      await manager
        .transaction(async (inner) => {
          await publish('dropped', { transaction: inner });
          throw new Error('undo');
        })
        .catch(() => undefined);
    });
    await host.clock.advance('1m');
    expect(delivered()).toEqual(['kept']);
  });

  it('adds exactly one statement to the transaction of the host', async () => {
    const { host } = given;
    await host.dataSource.transaction(async (manager) => {
      const query = jest.spyOn(manager.queryRunner!, 'query');
      await publish('A-1', { transaction: manager });
      expect(query).toHaveBeenCalledTimes(1);
    });
  });

  it('publishes once for an idempotency key of a tenant', async () => {
    const { host } = given;
    const first = await publish('A-1', { idempotencyKey: 'k', tenant: 'acme' });
    const again = await publish('A-1', { idempotencyKey: 'k', tenant: 'acme' });
    const others = await publish('A-1', { idempotencyKey: 'k', tenant: 'globex' });
    expect(first.duplicate).toBe(false);
    expect(again).toEqual({ id: first.id, duplicate: true });
    expect(others.duplicate).toBe(false);
    expect(await host.events()).toHaveLength(2);
  });

  it('publishes once for an idempotency key however many publish at once', async () => {
    const published = await Promise.all(Array.from({ length: 50 }, () => publish('A-1', { idempotencyKey: 'k' })));
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
    expect(published.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await given.host.events()).toHaveLength(1);
  });

  it('keeps an idempotency key within a transaction too', async () => {
    const { host } = given;
    await host.subscribe();
    const first = await publish('A-1', { idempotencyKey: 'k' });
    await host.dataSource.transaction(async (manager) => {
      const again = await publish('A-1', { idempotencyKey: 'k', transaction: manager });
      expect(again).toEqual({ id: first.id, duplicate: true });
      const other = await publish('A-2', { idempotencyKey: 'other', transaction: manager });
      expect(other.duplicate).toBe(false);
    });
    await host.webhooks.idle();
    expect(delivered().sort()).toEqual(['A-1', 'A-2']);
  });

  it.each([
    ['a topic that nobody registered', 'order.shiped', { id: '1' }, 'did you mean "order.shipped"?'],
    ['a payload that is too large', 'order.shipped', { id: 'x'.repeat(262_144) }, 'at most 262144 are accepted'],
    ['a payload with a cycle', 'order.shipped', cycle(), 'cannot be written as JSON'],
    ['a payload with a BigInt', 'order.shipped', { id: 1n }, 'cannot be written as JSON'],
    ['a payload that is nothing', 'order.shipped', undefined, 'is undefined, which JSON cannot express'],
  ])('refuses %s, says why, and stores nothing', async (_, topic, payload, message) => {
    const publication = given.host.webhooks.publish(topic, payload!);
    await expect(publication).rejects.toThrow(WebhooksError);
    await expect(publication).rejects.toThrow(message);
    expect(await given.host.events()).toEqual([]);
  });

  it('refuses a TypeORM handle that has no transaction open', async () => {
    const { dataSource } = given.host;
    for (const transaction of [dataSource, dataSource.manager, dataSource.createQueryRunner()]) {
      await expect(publish('A-1', { transaction })).rejects.toThrow('has no transaction open');
    }
    expect(await given.host.events()).toEqual([]);
  });

  it('refuses a tenant that would not fit, instead of cutting it', async () => {
    await expect(publish('A-1', { tenant: 'x'.repeat(256) })).rejects.toThrow('1 to 255 characters');
    await expect(publish('A-1', { transaction: {} as never })).rejects.toThrow('Expected transaction to be');
    expect(await given.host.events()).toEqual([]);
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped], entities: [Note] });

  it('keeps what was published beside a concurrent transaction of the host that is rolled back', async () => {
    const { host } = given;
    await host.subscribe();
    const rolledBack = host.dataSource.transaction(async (manager) => {
      await manager.save(Note, { text: 'first' });
      const outside = host.webhooks.publish(OrderShipped, { id: 'outside' });
      await new Promise((resolve) => setImmediate(resolve));
      await manager.save(Note, { text: 'second' });
      void outside.catch(() => undefined);
      throw new Error('undo');
    });
    await expect(rolledBack).rejects.toThrow('undo');
    await host.webhooks.publish(OrderShipped, { id: 'after' });
    await host.webhooks.idle();
    const ids = host.receiver.requests.map(({ body }) => (JSON.parse(body) as { data: Shipment }).data.id);
    expect(ids.sort()).toEqual(['after', 'outside']);
    expect(await host.dataSource.getRepository(Note).count()).toBe(0);
  });

  it('names the remedy when a host waits inside its transaction for a publication outside it', async () => {
    const { host } = given;
    const waiting = host.dataSource.transaction(() => host.webhooks.publish(OrderShipped, { id: 'A-1' }));
    await expect(waiting).rejects.toThrow('publish(topic, payload, { transaction })');
    expect(await host.events()).toEqual([]);
  });
});

describeEachDatabase({ only: ['postgres'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it("publishes within a transaction of the host's own pg client", async () => {
    const { host } = given;
    await host.subscribe();
    const client = new Client({ connectionString: (host.dataSource.options as { url: string }).url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await host.webhooks.publish(OrderShipped, { id: 'dropped' }, { transaction: client });
      await client.query('ROLLBACK');
      await client.query('BEGIN');
      await host.webhooks.publish(OrderShipped, { id: 'kept' }, { transaction: client });
      await client.query('COMMIT');
      await host.clock.advance('1s');
    } finally {
      await client.end();
    }
    const ids = host.receiver.requests.map(({ body }) => (JSON.parse(body) as { data: Shipment }).data.id);
    expect(ids).toEqual(['kept']);
  });

  it('keeps two concurrent transactions apart', async () => {
    const { host } = given;
    await host.subscribe();
    await Promise.allSettled(
      ['kept', 'dropped'].map((id) =>
        host.dataSource.transaction(async (manager) => {
          await host.webhooks.publish(OrderShipped, { id }, { transaction: manager });
          if (id === 'dropped') throw new Error('undo');
        }),
      ),
    );
    await host.clock.advance('1m');
    expect(await host.events()).toMatchObject([{ subject: 'kept' }]);
    expect(host.receiver).toHaveBeenTried(1);
  });
});

function cycle(): object {
  const payload: Record<string, unknown> = {};
  payload.self = payload;
  return payload;
}
