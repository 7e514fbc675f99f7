import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { EngineHealth, type HealthOptions } from './engine-health';

/**
 * The health of the engine for Terminus; a provider of the module that has the health route.
 *
 * @example this.health.check([() => this.webhooks.isHealthy('webhooks')])
 */
@Injectable()
export class WebhooksHealthIndicator {
  constructor(
    private readonly engine: EngineHealth,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Whether the database answers, this process has a lease, and nothing waits for longer than is allowed. */
  async isHealthy<Key extends string>(key: Key, options: HealthOptions = {}): Promise<HealthIndicatorResult<Key>> {
    const { status, ...facts } = await this.engine.check(options);
    const indicator = this.indicators.check(key);
    return status === 'up' ? indicator.up(facts) : indicator.down(facts);
  }
}
