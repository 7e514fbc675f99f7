import { metrics, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import type { ExtraLabel } from './instruments';
import type { Observer } from './observer';
import { startMetrics } from './opentelemetry.metrics';
import { OpenTelemetryTracing } from './opentelemetry.tracing';

const SCOPE = 'nestjs-webhooks';

export interface OpenTelemetryOptions {
  /** Whether publications and attempts are spans. @default true */
  readonly traces?: boolean;
  /** Whether the engine is measured. @default true */
  readonly metrics?: boolean;
  /**
   * Whether receivers get `traceparent` and `tracestate`. Baggage never leaves.
   * @default false: what a trace is called is nobody's business outside
   */
  readonly propagate?: boolean;
  /**
   * Attributes of `webhooks.attempts` besides topic, outcome and status. Each makes as many time series as there are
   * tenants, contracts or subscriptions.
   * @default []
   */
  readonly labels?: readonly ExtraLabel[];
  /** @default the global one */
  readonly tracerProvider?: TracerProvider;
  /** @default the global one */
  readonly meterProvider?: MeterProvider;
}

/**
 * Follows events from the request that publishes them to their attempts, and measures the engine, with whatever SDK the
 * host has registered.
 * @example WebhooksModule.forRoot({ observers: [openTelemetry()], … })
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Observer {
  const { traces = true, metrics: measured = true, propagate = false, labels = [] } = options;
  const tracer = () => (options.tracerProvider ?? trace).getTracer(SCOPE);
  // Not before boot: unlike tracers, meters do not find an SDK that is registered after they were made.
  const meter = () => (options.meterProvider ?? metrics).getMeter(SCOPE);
  return {
    tracing: traces ? new OpenTelemetryTracing(tracer(), { propagate }) : undefined,
    start: (engine) => (measured ? startMetrics(engine, meter(), labels) : () => undefined),
  };
}
