import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { Contact } from './contact.entity';
import { ContactsController } from './contacts.controller';
import { ContactsService } from './contacts.service';

@Module({
  imports: [TypeOrmModule.forFeature([Contact]), WebhooksModule.forFeature({ entities: [Contact] })],
  controllers: [ContactsController],
  providers: [ContactsService],
})
export class ContactsModule {}
