// What `nestjs-webhooks/terminus` publishes: the only way to code that needs the @nestjs/terminus package.
export type { HealthOptions } from './observability/engine-health';
export { WebhooksHealthIndicator } from './observability/webhooks-health.indicator';
