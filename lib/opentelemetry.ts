// What `nestjs-webhooks/opentelemetry` publishes: the only way to code that needs the @opentelemetry/api package.
export type { ExtraLabel } from './observability/instruments';
export { openTelemetry, type OpenTelemetryOptions } from './observability/opentelemetry.observer';
