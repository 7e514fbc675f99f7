import { Column, DeleteDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { WebhookEntity } from 'nestjs-webhooks';

/** A plain entity, registered with nothing but its class. */
@Entity()
export class Note {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  text!: string;

  @Column({ nullable: true, select: false, type: 'varchar' })
  hidden?: string | null;

  @DeleteDateColumn()
  deletedAt?: Date | null;
}

/** An entity that says all that can be said. */
@WebhookEntity<Parcel>({
  topic: 'shipping.parcel',
  on: ['created', 'deleted'],
  tenant: ({ account }) => account,
  payload: ({ id, weight }) => ({ parcel: id, grams: weight * 1000 }),
  id: ({ id }) => `parcel-${id}`,
})
@Entity()
export class Parcel {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  account!: string;

  @Column()
  weight!: number;
}
