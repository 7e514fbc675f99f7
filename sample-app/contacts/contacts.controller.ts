import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentAccount, type Account } from '../access/account';
import { ApiKeyGuard } from '../access/api-key.guard';
import { ContactChangeDto, NewContactDto } from './contact.dto';
import type { Contact } from './contact.entity';
import { ContactsService } from './contacts.service';

@ApiTags('Contacts')
@UseGuards(ApiKeyGuard)
@Controller('contacts')
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  @Get()
  list(@CurrentAccount() account: Account): Promise<Contact[]> {
    return this.contacts.list(account);
  }

  @Post()
  create(@CurrentAccount() account: Account, @Body() contact: NewContactDto): Promise<Contact> {
    return this.contacts.create(account, contact);
  }

  @Get(':id')
  get(@CurrentAccount() account: Account, @Param('id') id: string): Promise<Contact> {
    return this.contacts.get(account, id);
  }

  @Patch(':id')
  change(
    @CurrentAccount() account: Account,
    @Param('id') id: string,
    @Body() change: ContactChangeDto,
  ): Promise<Contact> {
    return this.contacts.change(account, id, change);
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentAccount() account: Account, @Param('id') id: string): Promise<void> {
    return this.contacts.remove(account, id);
  }
}
