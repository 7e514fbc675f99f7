// What `nestjs-webhooks/prometheus` publishes: the only way to code that needs the prom-client package.
export type { ExtraLabel } from './observability/instruments';
export { prometheus, type PrometheusOptions } from './observability/prometheus.observer';
