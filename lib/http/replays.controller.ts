import { Delete, Get, Req } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import { replayView, ReplayView } from '../contracts/standard/replay.view';
import { ReplaysService } from '../replays/replays.service';
import { callerOf, scopeOf } from './caller';
import { idOf, type HttpRequest } from './http-request';
import { Operating } from './operating-documentation';

/** The routes of replays that are under way, or over. */
@apiTag('Webhook replays')
export class ReplaysController {
  constructor(private readonly replays: ReplaysService) {}

  @Get(':id')
  @Operating({
    id: 'getWebhookReplay',
    summary: 'Get a replay, and how far it has got',
    path: ['id'],
    answer: ReplayView,
    problems: [403, 404],
  })
  async get(@Req() request: HttpRequest): Promise<ReplayView> {
    return replayView(await this.replays.get(idOf(request), scopeOf(callerOf(request))));
  }

  @Delete(':id')
  @Operating({
    id: 'cancelWebhookReplay',
    summary: 'Cancel a replay',
    description: 'What it has made due already is delivered all the same.',
    path: ['id'],
    answer: ReplayView,
    problems: [403, 404],
  })
  async cancel(@Req() request: HttpRequest): Promise<ReplayView> {
    return replayView(await this.replays.cancel(idOf(request), scopeOf(callerOf(request))));
  }
}
