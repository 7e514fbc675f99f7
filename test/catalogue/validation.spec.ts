import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { IsInt, IsString, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  defineTopic,
  InvalidPayloadError,
  WebhookEntity,
  type LifecycleEvent,
  type PayloadValidation,
  type PublishOptions,
} from 'nestjs-webhooks';
import { z } from 'zod';
import { describeEachDatabase } from '../support/databases';
import { Host, hostForEach } from '../support/host';

class Line {
  @IsInt()
  @Min(1)
  quantity!: number;
}

class Shipment {
  @IsString()
  id!: string;

  @ValidateNested({ each: true })
  @Type(() => Line)
  lines!: Line[];
}

class NotePayload {
  @IsString()
  text!: string;
}

@WebhookEntity<Remark>({
  payload: ({ text }) => ({ text: text === 'bad' ? 1 : text }),
  payloadType: NotePayload,
  validate: 'error',
})
@Entity('remark')
class Remark {
  @PrimaryColumn()
  id!: number;

  @Column()
  text!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const OrderCanceled = defineTopic('order.canceled', z.object({ id: z.string(), reason: z.enum(['late', 'lost']) }));
const OrderPaid = defineTopic<'order.paid', { paidAt: Date; cents: number }>('order.paid', undefined, {
  schema: {
    type: 'object',
    required: ['paidAt'],
    properties: { paidAt: { type: 'string' }, cents: { type: 'integer' } },
  },
});
const OrderChecked = defineTopic('order.checked', Shipment, { validate: 'error' });
const TOPICS = [OrderShipped, OrderCanceled, OrderPaid, OrderChecked];

const SECRET = 'hunter2';
const GOOD = { id: 'A-1', lines: [{ quantity: 1 }] };
const BAD = { id: SECRET, lines: [{ quantity: 1 }, { quantity: 0 }, { quantity: SECRET }] } as never;
const FLAWS = [
  { path: 'lines.1.quantity', rule: 'min' },
  { path: 'lines.2.quantity', rule: 'min' },
  { path: 'lines.2.quantity', rule: 'isInt' },
];

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: TOPICS, entities: [Remark], imports: [EventEmitterModule.forRoot()] });
  const publish = (payload: object, options?: PublishOptions) =>
    given.host.webhooks.publish('order.shipped', payload, options);

  it('checks nothing unless it is asked to', async () => {
    await publish(BAD);
    expect(await given.host.events()).toHaveLength(1);
  });

  it('refuses what is not as the schema says, names every place and rule, and stores nothing', async () => {
    const error: unknown = await publish(BAD, { validate: 'error' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidPayloadError);
    const { code, status, topic, flaws, message } = error as InvalidPayloadError;
    expect({ code, status, topic }).toEqual({ code: 'WEBHOOKS_INVALID_PAYLOAD', status: 422, topic: 'order.shipped' });
    expect(flaws).toEqual(expect.arrayContaining(FLAWS.map((flaw) => expect.objectContaining(flaw) as object)));
    expect(message).toContain('The payload of "order.shipped" is not as its schema says: lines.1.quantity (min)');
    expect(message).not.toContain(SECRET);
    expect(await given.host.events()).toEqual([]);
  });

  it('publishes what is not as the schema says where it shall only warn, and tells without a value', async () => {
    const told: LifecycleEvent[] = [];
    given.host.webhooks.subscribe((event) => told.push(event));
    const { id } = await publish(BAD, { validate: 'warn' });
    const [event] = told.filter(({ type }) => type === 'payload.invalid');
    expect(event).toMatchObject({ eventId: id, topic: 'order.shipped', tenant: null });
    expect(event).toHaveProperty('flaws', expect.arrayContaining(FLAWS));
    expect(JSON.stringify(told)).not.toContain(SECRET);
    expect(await given.host.events()).toHaveLength(1);
  });

  it.each<PayloadValidation>(['warn', 'error'])('says nothing of a good payload (%s)', async (validate) => {
    const told: LifecycleEvent[] = [];
    given.host.webhooks.subscribe((event) => told.push(event));
    await publish(GOOD, { validate });
    await given.host.webhooks.publish(OrderCanceled, { id: 'A-1', reason: 'late' }, { validate });
    await given.host.webhooks.publish(OrderPaid, { paidAt: new Date(), cents: 1 }, { validate });
    expect(told.map(({ type }) => type)).not.toContain('payload.invalid');
    expect(await given.host.events()).toHaveLength(3);
  });

  it("goes by the topic's word, and by the publisher's over that", async () => {
    await expect(given.host.webhooks.publish(OrderChecked, BAD)).rejects.toThrow(InvalidPayloadError);
    await given.host.webhooks.publish(OrderChecked, BAD, { validate: 'off' });
    expect(await given.host.events()).toHaveLength(1);
  });

  it('refuses by a Standard Schema, and by a JSON Schema what subscribers would get', async () => {
    const { webhooks } = given.host;
    const canceled = webhooks.publish(OrderCanceled, { id: 'A-1', reason: SECRET } as never, { validate: 'error' });
    await expect(canceled).rejects.toMatchObject({ flaws: [{ path: 'reason', rule: 'invalid_value' }] });
    const paid = webhooks.publish(OrderPaid, { cents: 1.5 } as never, { validate: 'error' });
    await expect(paid).rejects.toMatchObject({
      flaws: expect.arrayContaining([
        expect.objectContaining({ path: 'paidAt', rule: 'required' }),
        expect.objectContaining({ path: 'cents', rule: 'type' }),
      ]) as object,
    });
  });

  it("refuses within the host's transaction, which can go on", async () => {
    const { host } = given;
    await host.dataSource.transaction(async (manager) => {
      const refused = publish(BAD, { transaction: manager, validate: 'error' });
      await expect(refused).rejects.toThrow(InvalidPayloadError);
      await publish(GOOD, { transaction: manager, validate: 'error' });
    });
    expect(await host.events()).toHaveLength(1);
  });

  it('refuses what an entity becomes, and with it the change', async () => {
    const remarks = given.host.dataSource.getRepository(Remark);
    await remarks.save({ id: 1, text: 'good' });
    await expect(remarks.save({ id: 2, text: 'bad' })).rejects.toThrow(
      '"remark.created" is not as its schema says: text',
    );
    expect(await remarks.count()).toBe(1);
    expect(await given.host.events()).toHaveLength(1);
  });

  it('refuses what is emitted', async () => {
    const emitter = given.host.app.get(EventEmitter2);
    await expect(emitter.emitAsync('order.checked', BAD)).rejects.toThrow(InvalidPayloadError);
    await emitter.emitAsync('order.checked', GOOD);
    expect(await given.host.events()).toHaveLength(1);
  });

  it('takes a rule that throws for one that is broken', async () => {
    const failing = { '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error(SECRET)) } };
    const topic = defineTopic('order.odd', failing as never);
    given.host.app.get((await import('nestjs-webhooks')).TopicCatalogue).register(topic);
    const refused = given.host.webhooks.publish(topic, {}, { validate: 'error' });
    await expect(refused).rejects.toMatchObject({ flaws: [{ path: '', rule: 'unchecked', message: SECRET }] });
  });
});

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  async function starting(options: Parameters<typeof Host.start>[1]): Promise<void> {
    const handle = await database.create();
    try {
      await (await Host.start(handle, options)).stop();
    } finally {
      await handle.drop();
    }
  }

  it('checks everything where the module says so', async () => {
    const handle = await database.create();
    const host = await Host.start(handle, { topics: TOPICS, webhooks: { validate: 'error' } });
    await expect(host.webhooks.publish(OrderShipped, BAD)).rejects.toThrow(InvalidPayloadError);
    await host.stop();
    await handle.drop();
  });

  it('leaves topics in peace that nobody describes, unless they ask for it themselves', async () => {
    const plain = defineTopic('order.plain');
    await starting({ topics: [plain], webhooks: { validate: 'error' } });
    const asking = defineTopic('order.plain', undefined, { validate: 'warn' });
    await expect(starting({ topics: [asking] })).rejects.toThrow('nothing says what they are like');
  });

  it('refuses to start with a schema that is none, and with a word that it does not know', async () => {
    const broken = defineTopic('order.broken', undefined, { schema: { type: 'nonsense' }, validate: 'error' });
    await expect(starting({ topics: [broken] })).rejects.toThrow(
      'The schema of the topic "order.broken" is no JSON Schema',
    );
    await expect(starting({ webhooks: { validate: 'loud' as never } })).rejects.toThrow(
      "Expected validate to be 'off' or 'warn' or 'error', got 'loud'",
    );
    expect(() => defineTopic('order.loud', undefined, { validate: 'loud' as never })).toThrow(
      "'off', 'warn' or 'error'",
    );
  });

  it('says at boot what to install where a JSON Schema is to be checked without Ajv', async () => {
    jest.doMock('ajv/dist/2020', () => {
      throw new Error("Cannot find module 'ajv/dist/2020'");
    });
    await expect(starting({ topics: [OrderPaid], webhooks: { validate: 'warn' } })).rejects.toThrow(
      'npm install ajv@8',
    );
    jest.dontMock('ajv/dist/2020');
  });
});
