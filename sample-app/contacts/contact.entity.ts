import { ApiProperty } from '@nestjs/swagger';
import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity } from 'typeorm';
import { OwnedRow } from '../access/owned-row';

/** What subscribers see of a contact: what `GET /contacts/:id` shows. */
export class ContactPayload {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Whose it is.' })
  tenant!: string | null;

  @ApiProperty()
  createdAt!: Date;

  @ApiProperty({ example: 'Ada' })
  name!: string;

  @ApiProperty({ format: 'email', example: 'ada@example.com' })
  email!: string;
}

@WebhookEntity<Contact>({
  group: 'Contacts',
  payloadType: ContactPayload,
  tenant: ({ tenant }) => tenant,
  payload: ({ id, tenant, createdAt, name, email }): ContactPayload => ({ id, tenant, createdAt, name, email }),
})
@Entity('sample_contact')
export class Contact extends OwnedRow {
  @Column()
  name!: string;

  @Column()
  email!: string;
}
