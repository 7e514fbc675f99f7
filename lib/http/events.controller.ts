import { Get, Req } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import { eventView, EventView, eventWithPayloadView, EventWithPayloadView } from '../contracts/standard/event.view';
import { ListEventsDto } from '../contracts/standard/list.dto';
import { pageView, type PageView } from '../contracts/standard/page.view';
import { EventsRepository } from '../events/events.repository';
import { WebhooksError } from '../shared/webhooks.error';
import { callerOf, maySee, scopeOf, tenantFor } from './caller';
import { idOf, type HttpRequest } from './http-request';
import { Operating } from './operating-documentation';
import { validQuery } from './request-validation';

/** Thrown when there is no such event, or it belongs to another tenant. */
export class EventNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_EVENT_NOT_FOUND';
  override readonly status = 404;
}

/** The routes of events. */
@apiTag('Webhook events')
export class EventsController {
  constructor(private readonly events: EventsRepository) {}

  @Get()
  @Operating({
    id: 'listWebhookEvents',
    summary: 'List events',
    query: ListEventsDto,
    pageOf: EventView,
    problems: [400, 403],
  })
  async list(@Req() request: HttpRequest): Promise<PageView<EventView>> {
    const { tenant, ...query } = await validQuery(request.query, ListEventsDto);
    const scope = scopeOf({ tenant: tenantFor(callerOf(request), tenant) });
    return pageView(await this.events.list({ ...query, ...scope }), eventView);
  }

  @Get(':id')
  @Operating({
    id: 'getWebhookEvent',
    summary: 'Get an event and its payload',
    path: ['id'],
    answer: EventWithPayloadView,
    problems: [403, 404],
  })
  async get(@Req() request: HttpRequest): Promise<EventWithPayloadView> {
    const id = idOf(request);
    const [event] = await this.events.byIds([id]);
    if (event && maySee(callerOf(request), event.tenant)) return eventWithPayloadView(event);
    throw new EventNotFoundError(`There is no event ${JSON.stringify(id)}.`);
  }
}
