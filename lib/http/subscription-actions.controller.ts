import { Get, HttpCode, Post, Req } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import { testResultView, TestResultView } from '../contracts/standard/attempt.view';
import { ListReplaysDto, momentsOf, StatisticsSpanDto } from '../contracts/standard/list.dto';
import { StartReplayDto, TestSubscriptionDto } from '../contracts/standard/operating.dto';
import { pageView, type PageView } from '../contracts/standard/page.view';
import { replayView, ReplayView } from '../contracts/standard/replay.view';
import { failingView, statisticsView, SubscriptionStatisticsView } from '../contracts/standard/statistics.view';
import { ManualRequests } from '../deliveries/manual-requests';
import { ReplaysService } from '../replays/replays.service';
import { StatisticsService } from '../statistics/statistics.service';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { TopicCatalogue } from '../topics/catalogue';
import { callerOf, scopeOf } from './caller';
import { idOf, type HttpRequest } from './http-request';
import { Operating } from './operating-documentation';
import { validJson, validQuery } from './request-validation';

/** What can be done with one subscription of the standard contract, besides changing it. */
@apiTag('Webhook subscriptions')
export class SubscriptionActionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly requests: ManualRequests,
    private readonly replays: ReplaysService,
    private readonly figures: StatisticsService,
    private readonly catalogue: TopicCatalogue,
  ) {}

  @Post('test')
  @HttpCode(200)
  @Operating({
    id: 'testWebhookSubscription',
    summary: 'Send the example of a topic, and see what comes back',
    description: 'Sent once, and nowhere stored. What comes of it has no bearing on the health of the endpoint.',
    path: ['id'],
    body: TestSubscriptionDto,
    answer: TestResultView,
    problems: [400, 403, 404, 413, 415, 422],
  })
  async test(@Req() request: HttpRequest): Promise<TestResultView> {
    const subscription = await this.subscriptionOf(request);
    const { topic } = await validJson(request, TestSubscriptionDto);
    return testResultView(await this.requests.test(subscription, this.catalogue.get(topic).exampleEvent));
  }

  @Post('replays')
  @HttpCode(202)
  @Operating({
    id: 'startWebhookReplay',
    summary: 'Send past events again, or for the first time',
    description: 'Goes on in the background. Live events are not held up by it.',
    path: ['id'],
    body: StartReplayDto,
    status: 202,
    answer: ReplayView,
    problems: [400, 403, 404, 409, 413, 415, 422],
  })
  async replay(@Req() request: HttpRequest): Promise<ReplayView> {
    const { id } = await this.subscriptionOf(request);
    const { from, to, topics, only } = await validJson(request, StartReplayDto);
    const wanted = { from: Date.parse(from), to: to == null ? undefined : Date.parse(to) };
    return replayView(
      await this.replays.start(id, { ...wanted, topics: topics ?? undefined, only: only ?? undefined }),
    );
  }

  @Get('replays')
  @Operating({
    id: 'listWebhookReplays',
    summary: 'List the replays of a subscription',
    path: ['id'],
    query: ListReplaysDto,
    pageOf: ReplayView,
    problems: [400, 403, 404],
  })
  async list(@Req() request: HttpRequest): Promise<PageView<ReplayView>> {
    const { id } = await this.subscriptionOf(request);
    const query = await validQuery(request.query, ListReplaysDto);
    return pageView(await this.replays.list({ ...query, subscription: id }), replayView);
  }

  @Get('statistics')
  @Operating({
    id: 'getWebhookSubscriptionStatistics',
    summary: 'Get statistics of a subscription',
    description: 'By the hour. They are at most ten seconds old.',
    path: ['id'],
    query: StatisticsSpanDto,
    answer: SubscriptionStatisticsView,
    problems: [400, 403, 404],
  })
  async statistics(@Req() request: HttpRequest): Promise<SubscriptionStatisticsView> {
    const { id } = await this.subscriptionOf(request);
    const query = await validQuery(request.query, StatisticsSpanDto);
    const statistics = await this.figures.of({ subscription: id }, momentsOf(query, 'from', 'to'));
    return { ...statisticsView(statistics), failing: failingView(await this.figures.failing(id)) };
  }

  private subscriptionOf(request: HttpRequest): Promise<Subscription> {
    return this.subscriptions.get(idOf(request), { ...scopeOf(callerOf(request)), contract: 'standard' });
  }
}
