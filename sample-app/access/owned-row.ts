import { randomUUID } from 'node:crypto';
import { Column, Index, PrimaryColumn } from 'typeorm';

/** A row that belongs to a tenant, or with null to the platform itself. */
export abstract class OwnedRow {
  @PrimaryColumn({ length: 36 })
  id: string = randomUUID();

  @Index()
  @Column({ type: String, nullable: true })
  tenant!: string | null;

  @Column({ type: Date, precision: 3 })
  createdAt: Date = new Date();
}
