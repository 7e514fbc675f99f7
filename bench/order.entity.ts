import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An entity whose changes are published. */
@Entity()
export class Order {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  status!: string;
}

/** The same, and nobody publishes anything. */
@Entity()
export class PlainOrder {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  status!: string;
}
