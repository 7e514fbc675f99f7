import { Get, Req } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import {
  deliveryView,
  DeliveryView,
  deliveryWithAttemptsView,
  DeliveryWithAttemptsView,
} from '../contracts/standard/delivery.view';
import { ListDeliveriesDto } from '../contracts/standard/list.dto';
import { pageView, type PageView } from '../contracts/standard/page.view';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { WebhooksError } from '../shared/webhooks.error';
import { callerOf, maySee, scopeOf, tenantFor } from './caller';
import { idOf, type HttpRequest } from './http-request';
import { Operating } from './operating-documentation';
import { validQuery } from './request-validation';

/** Thrown when there is no such delivery, or it belongs to another tenant. */
export class DeliveryNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_DELIVERY_NOT_FOUND';
  override readonly status = 404;
}

/** The routes of deliveries. */
@apiTag('Webhook deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesRepository) {}

  @Get()
  @Operating({
    id: 'listWebhookDeliveries',
    summary: 'List deliveries',
    query: ListDeliveriesDto,
    pageOf: DeliveryView,
    problems: [400, 403],
  })
  async list(@Req() request: HttpRequest): Promise<PageView<DeliveryView>> {
    const { tenant, ...query } = await validQuery(request.query, ListDeliveriesDto);
    const scope = scopeOf({ tenant: tenantFor(callerOf(request), tenant) });
    return pageView(await this.deliveries.list({ ...query, ...scope }), deliveryView);
  }

  @Get(':id')
  @Operating({
    id: 'getWebhookDelivery',
    summary: 'Get a delivery and its attempts',
    path: ['id'],
    answer: DeliveryWithAttemptsView,
    problems: [403, 404],
  })
  async get(@Req() request: HttpRequest): Promise<DeliveryWithAttemptsView> {
    const id = idOf(request);
    const delivery = await this.deliveries.byId(id);
    if (delivery && maySee(callerOf(request), delivery.tenant))
      return deliveryWithAttemptsView(delivery, await this.deliveries.attemptsOf(id));
    throw new DeliveryNotFoundError(`There is no delivery ${JSON.stringify(id)}.`);
  }
}
