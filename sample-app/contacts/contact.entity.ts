import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity } from 'typeorm';
import { OwnedRow } from '../access/owned-row';

/** What subscribers see of a contact: what `GET /contacts/:id` shows. */
export type ContactPayload = Pick<Contact, 'id' | 'tenant' | 'createdAt' | 'name' | 'email'>;

@WebhookEntity<Contact>({
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
