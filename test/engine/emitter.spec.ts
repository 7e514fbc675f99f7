import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { defineTopic } from 'nestjs-webhooks';
import { describeEachDatabase } from '../support/databases';
import { SystemClock } from '../../lib/shared/clock';
import { Host, hostForEach } from '../support/host';
import { Note } from './note.entity';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment, { tenant: () => 'acme' });
const imports = [EventEmitterModule.forRoot(), ScheduleModule.forRoot()];

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  describe('in a host with an event emitter and a scheduler', () => {
    const given = hostForEach(database, { topics: [OrderShipped], entities: [Note], imports });
    const emitter = () => given.host.app.get(EventEmitter2);
    const topics = async () => (await given.host.events()).map(({ topic }) => topic);

    it("publishes what the host emits under a topic's name, durably when emitAsync resolves", async () => {
      await emitter().emitAsync('order.shipped', { id: 'A-1' });
      expect(await given.host.events()).toMatchObject([{ topic: 'order.shipped', tenant: 'acme' }]);
    });

    it('publishes what was emitted without waiting', async () => {
      emitter().emit('order.shipped', { id: 'A-1' });
      await new Promise((resolve) => setImmediate(resolve));
      await given.host.webhooks.idle();
      expect(await topics()).toEqual(['order.shipped']);
    });

    it('leaves alone what is emitted under any other name, an entity topic included', async () => {
      await emitter().emitAsync('note.created', { id: 1 });
      await emitter().emitAsync('something.else', { id: 1 });
      expect(await topics()).toEqual([]);
    });

    it('passes a failure on to emitAsync, and survives it under emit', async () => {
      await expect(emitter().emitAsync('order.shipped', undefined)).rejects.toThrow();
      expect(emitter().emit('order.shipped', undefined)).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
      expect(await topics()).toEqual([]);
    });
  });

  it("lists its timer in the host's scheduler, and takes it out when it ends", async () => {
    const handle = await database.create();
    const host = await Host.start(handle, { topics: [OrderShipped], imports, clock: new SystemClock() });
    const registry = host.app.get(SchedulerRegistry);
    expect(registry.getIntervals()).toEqual(['webhooks.heartbeat']);
    await host.stop();
    expect(registry.getIntervals()).toEqual([]);
    await handle.drop();
  });

  describe('in a host that wants no bridge to its emitter', () => {
    const given = hostForEach(database, { topics: [OrderShipped], imports, webhooks: { eventEmitter: false } });

    it('publishes nothing of what the host emits', async () => {
      await given.host.app.get(EventEmitter2).emitAsync('order.shipped', { id: 'A-1' });
      expect(await given.host.events()).toEqual([]);
    });
  });
});
