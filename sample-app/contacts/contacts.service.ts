import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ownerFor, visibleTo, type Account } from '../access/account';
import type { ContactChangeDto, NewContactDto } from './contact.dto';
import { Contact } from './contact.entity';

@Injectable()
export class ContactsService {
  constructor(@InjectRepository(Contact) private readonly contacts: Repository<Contact>) {}

  list(account: Account): Promise<Contact[]> {
    return this.contacts.find({ where: visibleTo(account), order: { createdAt: 'DESC' } });
  }

  async get(account: Account, id: string): Promise<Contact> {
    const contact = await this.contacts.findOneBy({ id, ...visibleTo(account) });
    if (contact) return contact;
    throw new NotFoundException(`There is no contact ${id}.`);
  }

  create(account: Account, { tenant, ...contact }: NewContactDto): Promise<Contact> {
    return this.contacts.save(this.contacts.create({ ...contact, tenant: ownerFor(account, tenant) }));
  }

  async change(account: Account, id: string, change: ContactChangeDto): Promise<Contact> {
    return this.contacts.save(this.contacts.merge(await this.get(account, id), change));
  }

  async remove(account: Account, id: string): Promise<void> {
    await this.contacts.remove(await this.get(account, id));
  }
}
