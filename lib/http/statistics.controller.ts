import { Get, Req } from '@nestjs/common';
import { apiTag } from '../contracts/generated/openapi';
import { momentsOf, StatisticsDto } from '../contracts/standard/list.dto';
import { OverallStatisticsView, retentionView, statisticsView } from '../contracts/standard/statistics.view';
import { RetentionRepository } from '../retention/retention.repository';
import { StatisticsService } from '../statistics/statistics.service';
import { callerOf, scopeOf, tenantFor } from './caller';
import type { HttpRequest } from './http-request';
import { Operating } from './operating-documentation';
import { validQuery } from './request-validation';

/** The route of statistics of all that the caller may see. */
@apiTag('Webhook statistics')
export class StatisticsController {
  constructor(
    private readonly statistics: StatisticsService,
    private readonly retention: RetentionRepository,
  ) {}

  @Get()
  @Operating({
    id: 'getWebhookStatistics',
    summary: 'Get statistics of all subscriptions',
    description: 'By the hour. They are at most ten seconds old.',
    query: StatisticsDto,
    answer: OverallStatisticsView,
    problems: [400, 403],
  })
  async get(@Req() request: HttpRequest): Promise<OverallStatisticsView> {
    const caller = callerOf(request);
    const { tenant, ...query } = await validQuery(request.query, StatisticsDto);
    const scope = scopeOf({ tenant: tenantFor(caller, tenant) });
    const statistics = await this.statistics.of(scope, momentsOf(query, 'from', 'to'));
    const reports = caller.tenant === null ? Object.values(await this.retention.lastReports()) : [];
    return { ...statisticsView(statistics), retention: reports.map(retentionView) };
  }
}
