import { Get, HttpCode, Post, Req } from '@nestjs/common';
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
import type { Delivery } from '../deliveries/delivery';
import { DeliveryNotFoundError, ManualRequests } from '../deliveries/manual-requests';
import { callerOf, maySee, scopeOf, tenantFor } from './caller';
import { idOf, type HttpRequest } from './http-request';
import { Operating } from './operating-documentation';
import { validQuery } from './request-validation';

/** The routes of deliveries. */
@apiTag('Webhook deliveries')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly requests: ManualRequests,
  ) {}

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
    const delivery = await this.deliveryOf(request);
    return deliveryWithAttemptsView(delivery, await this.deliveries.attemptsOf(delivery.id));
  }

  @Post(':id/resend')
  @HttpCode(200)
  @Operating({
    id: 'resendWebhookDelivery',
    summary: 'Send a delivery again, once and at once',
    description:
      'With the same `webhook-id` and the current secret. What comes of it is the last of the attempts in the answer; ' +
      'it has no bearing on the health of the endpoint.',
    path: ['id'],
    answer: DeliveryWithAttemptsView,
    problems: [403, 404, 409],
  })
  async resend(@Req() request: HttpRequest): Promise<DeliveryWithAttemptsView> {
    await this.requests.resend(await this.deliveryOf(request));
    return this.get(request);
  }

  private async deliveryOf(request: HttpRequest): Promise<Delivery> {
    const id = idOf(request);
    const delivery = await this.deliveries.byId(id);
    if (delivery && maySee(callerOf(request), delivery.tenant)) return delivery;
    throw new DeliveryNotFoundError(`There is no delivery ${JSON.stringify(id)}.`);
  }
}
