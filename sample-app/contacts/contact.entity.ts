import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity } from 'typeorm';
import { OwnedRow } from '../access/owned-row';

/** What subscribers see of a contact. */
export type ContactPayload = Pick<Contact, 'id' | 'name' | 'email' | 'createdAt'>;

@WebhookEntity<Contact>({
  tenant: ({ tenant }) => tenant,
  payload: ({ id, name, email, createdAt }): ContactPayload => ({ id, name, email, createdAt }),
})
@Entity('sample_contact')
export class Contact extends OwnedRow {
  @Column()
  name!: string;

  @Column()
  email!: string;
}
