import { Module } from '@nestjs/common';
import { Mailboxes } from './mailboxes';
import { ReceiverController } from './receiver.controller';
import { SignatureCheck } from './signature-check';

@Module({ controllers: [ReceiverController], providers: [Mailboxes, SignatureCheck] })
export class ReceiverModule {}
