import { Delete, Get, Header, HttpCode, Patch, Post, Req } from '@nestjs/common';
import { apiTag } from '../contracts/openapi';
import { ListSubscriptionsDto } from '../contracts/standard/list.dto';
import { pageView, type PageView } from '../contracts/standard/page.view';
import { CreateSubscriptionDto, UpdateSubscriptionDto } from '../contracts/standard/subscription.dto';
import {
  createdSubscriptionView,
  CreatedSubscriptionView,
  subscriptionView,
  SubscriptionView,
} from '../contracts/standard/subscription.view';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { callerOf, scopeOf, tenantFor } from './caller';
import { Documented } from './documented';
import { bodyOf, idOf, queryOf, type HttpRequest } from './http-request';

/** The routes of subscriptions. */
@apiTag('Webhook subscriptions')
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Get()
  @Documented({
    id: 'listWebhookSubscriptions',
    summary: 'List subscriptions',
    query: ListSubscriptionsDto,
    pageOf: SubscriptionView,
    problems: [400, 403],
  })
  async list(@Req() request: HttpRequest): Promise<PageView<SubscriptionView>> {
    const { tenant, ...query } = await queryOf(request, ListSubscriptionsDto);
    const scope = scopeOf({ tenant: tenantFor(callerOf(request), tenant) });
    return pageView(await this.subscriptions.list({ ...query, ...scope }), subscriptionView);
  }

  @Post()
  @Header('cache-control', 'no-store')
  @Documented({
    id: 'createWebhookSubscription',
    summary: 'Create a subscription',
    description: 'The answer has the secret that deliveries are signed with. It is never shown again.',
    status: 201,
    body: CreateSubscriptionDto,
    answer: CreatedSubscriptionView,
    problems: [400, 403, 422],
  })
  async create(@Req() request: HttpRequest): Promise<CreatedSubscriptionView> {
    const { tenant: named, ...wanted } = await bodyOf(request, CreateSubscriptionDto);
    const tenant = tenantFor(callerOf(request), named);
    const subscription = await this.subscriptions.create({ ...wanted, tenant });
    return createdSubscriptionView(subscription);
  }

  @Get(':id')
  @Documented({
    id: 'getWebhookSubscription',
    summary: 'Get a subscription',
    path: ['id'],
    answer: SubscriptionView,
    problems: [403, 404],
  })
  async get(@Req() request: HttpRequest): Promise<SubscriptionView> {
    return subscriptionView(await this.subscriptions.get(idOf(request), scopeOf(callerOf(request))));
  }

  @Patch(':id')
  @Documented({
    id: 'updateWebhookSubscription',
    summary: 'Change a subscription',
    description: 'What is left out stays as it is.',
    path: ['id'],
    body: UpdateSubscriptionDto,
    answer: SubscriptionView,
    problems: [400, 403, 404, 422],
  })
  async update(@Req() request: HttpRequest): Promise<SubscriptionView> {
    const id = idOf(request);
    const change = await bodyOf(request, UpdateSubscriptionDto);
    return subscriptionView(await this.subscriptions.update(id, change, scopeOf(callerOf(request))));
  }

  @Delete(':id')
  @HttpCode(204)
  @Documented({
    id: 'deleteWebhookSubscription',
    summary: 'Delete a subscription',
    description: 'What was still to be delivered to it is not sent.',
    path: ['id'],
    status: 204,
    problems: [403, 404],
  })
  async remove(@Req() request: HttpRequest): Promise<void> {
    await this.subscriptions.remove(idOf(request), scopeOf(callerOf(request)));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Documented({
    id: 'resumeWebhookSubscription',
    summary: 'Resume a suspended subscription',
    description: 'Turns on again what the system has turned off; what was pending meanwhile is sent.',
    path: ['id'],
    answer: SubscriptionView,
    problems: [403, 404],
  })
  async resume(@Req() request: HttpRequest): Promise<SubscriptionView> {
    return subscriptionView(await this.subscriptions.resume(idOf(request), scopeOf(callerOf(request))));
  }
}
