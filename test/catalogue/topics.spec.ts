import { defineTopic, WebhookEntity, type JsonSchema } from 'nestjs-webhooks';
import { Column, DeleteDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { asyncApiErrors, schemaErrors } from '../support/public-validators';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Size {
  @Column('int', { nullable: true })
  width!: number | null;
}

@WebhookEntity({ group: 'Parcels', version: 3, deprecated: 'Use order.shipped.', example: { id: 1 } })
@Entity('catalogue_parcel')
class Parcel {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ comment: 'What is on the label.' })
  label!: string;

  @Column({ type: 'varchar', length: 20, nullable: true })
  note!: string | null;

  @Column({ type: Date })
  packedAt!: Date;

  @Column('float', { default: 1.5 })
  weight!: number;

  @Column({ type: Boolean, default: false })
  fragile!: boolean;

  @Column('decimal', { precision: 8, scale: 2, default: 0 })
  price!: string | number;

  @Column('bigint', { default: 0 })
  serial!: string | number;

  @Column('simple-array', { nullable: true })
  tags!: string[] | null;

  @Column('simple-json', { nullable: true })
  more!: object | null;

  @Column({ select: false, default: 'hidden' })
  secret!: string;

  @Column(() => Size)
  size!: Size;

  @DeleteDateColumn()
  deletedAt!: Date | null;
}

const OrderShipped = defineTopic('order.shipped', undefined, {
  description: 'An order has left.',
  schema: { type: 'object', properties: { at: { type: 'string' } } },
});

describeEachDatabase((database) => {
  const given = hostForEach(database, { topics: [OrderShipped], entities: [Parcel] });

  it("says what an entity's rows are like by its columns, and every change is delivered like that", async () => {
    const { host } = given;
    await host.subscribe({ topics: ['parcel.*'] });
    const parcels = host.dataSource.getRepository(Parcel);
    const parcel = await parcels.save({ label: 'A', packedAt: new Date(), size: { width: null } } as Parcel);
    await parcels.save({ ...parcel, note: 'heavy', tags: ['a', 'b'], more: { any: [1] }, size: { width: 5 } });
    await parcels.save({ id: parcel.id, label: 'B' });
    await parcels.softRemove(parcel);
    await parcels.remove((await parcels.findOne({ where: { id: parcel.id }, withDeleted: true }))!);
    await host.webhooks.idle();
    const bodies = host.receiver.requests.map(({ body }) => JSON.parse(body) as { type: string; data: object });
    expect(bodies.map(({ type }) => type).sort()).toEqual([
      ...['parcel.created', 'parcel.deleted', 'parcel.deleted', 'parcel.updated', 'parcel.updated'],
    ]);
    const document = host.webhooks.asyncapi();
    expect(asyncApiErrors(document)).toEqual([]);
    for (const body of bodies) {
      expect({ body, errors: schemaErrors(document, `#/components/messages/${body.type}/payload`, body) }).toEqual({
        body,
        errors: [],
      });
    }
    const { ParcelCreatedPayload } = document.components.schemas as Record<string, JsonSchema>;
    expect(ParcelCreatedPayload!.required).toEqual(
      expect.arrayContaining(['id', 'label', 'packedAt', 'weight', 'fragile', 'price', 'serial']),
    );
    expect(ParcelCreatedPayload!.properties).toMatchObject({
      label: { type: 'string', description: 'What is on the label.' },
      note: { type: ['string', 'null'] },
      packedAt: { type: 'string', format: 'date-time' },
      fragile: { type: 'boolean' },
      tags: { type: ['array', 'null'], items: { type: 'string' } },
      size: { type: 'object', properties: { width: { type: ['integer', 'null'] } } },
    });
    expect(ParcelCreatedPayload!.properties).not.toHaveProperty('secret');
  });

  it('shows all that is said of a topic, of those of an entity too', async () => {
    const { host } = given;
    await host.app.listen(0, '127.0.0.1');
    const get = async (path: string) => {
      const answer = await fetch(`${await host.app.getUrl()}/webhooks/${path}`);
      return { status: answer.status, body: (await answer.json()) as { data: object[]; code?: string } };
    };
    expect((await get('topics/order.shipped')).body).toEqual({
      name: 'order.shipped',
      description: 'An order has left.',
      group: null,
      version: 1,
      deprecated: false,
      deprecation: null,
      schema: { type: 'object', properties: { at: { type: 'string' } } },
      example: {},
    });
    const { body } = await get('topics');
    expect(body.data).toHaveLength(4);
    expect(body.data[1]).toMatchObject({
      name: 'parcel.created',
      group: 'Parcels',
      version: 3,
      deprecated: true,
      deprecation: 'Use order.shipped.',
      example: { id: 1 },
      schema: { type: 'object' },
    });
    expect(await get('topics/order.none')).toMatchObject({ status: 404, body: { code: 'WEBHOOKS_TOPIC_NOT_FOUND' } });
  });

  it('lets a deprecated topic be subscribed to', async () => {
    expect((await given.host.subscribe({ topics: ['parcel.created'] })).topics).toEqual(['parcel.created']);
  });
});
