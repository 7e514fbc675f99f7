import { setTimeout as delay } from 'node:timers/promises';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Req,
  Res,
  type RawBodyRequest,
} from '@nestjs/common';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import { BehaviourDto } from './behaviour.dto';
import type { Behaviour, Received } from './mailbox';
import { Mailboxes } from './mailboxes';
import { SignatureCheck } from './signature-check';

interface IncomingRequest {
  readonly originalUrl: string;
  readonly headers: Received['headers'];
  readonly body: unknown;
}

/** Plays the subscriber, so that there is something to look at. It needs no key: it is somebody else's server. */
@ApiTags('Receiver')
@ApiSecurity({})
@Controller('receiver/:name')
export class ReceiverController {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly signatures: SignatureCheck,
  ) {}

  @Post()
  async receive(
    @Param('name') name: string,
    @Req() { originalUrl, headers, body, rawBody }: RawBodyRequest<IncomingRequest>,
    @Res({ passthrough: true }) response: { status(code: number): unknown },
  ): Promise<void> {
    const mailbox = this.mailboxes.get(name);
    const status = mailbox.nextStatus();
    const text = rawBody?.toString() ?? '';
    const verified = await this.signatures.verify(pathOf(originalUrl), { headers, rawBody: text });
    mailbox.keep({ receivedAt: new Date(), headers, body, rawBody: text, verified, status });
    if (mailbox.behaviour.delayMs > 0) await delay(mailbox.behaviour.delayMs, undefined, { ref: false });
    response.status(status);
  }

  @Get()
  list(@Param('name') name: string): Received[] {
    return this.mailboxes.get(name).received;
  }

  @Put('behaviour')
  behave(@Param('name') name: string, @Body() behaviour: BehaviourDto): Behaviour {
    return (this.mailboxes.get(name).behaviour = behaviour);
  }

  @Delete()
  @HttpCode(204)
  clear(@Param('name') name: string): void {
    this.mailboxes.clear(name);
  }
}

function pathOf(originalUrl: string): string {
  return new URL(originalUrl, 'http://receiver').pathname;
}
