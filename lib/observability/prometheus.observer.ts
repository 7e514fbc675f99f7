import { Counter, Gauge, Histogram, register as globalRegistry, type Registry } from 'prom-client';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { ATTEMPTS, COUNTED, READ, type ExtraLabel, type Instrument } from './instruments';
import { gaugesOf, measurementsOf, type Measurement } from './measurements';
import type { ObservedEngine, Observer } from './observer';

export interface PrometheusOptions {
  /** Where the metrics are registered: one for each application of a process. @default prom-client's own registry */
  readonly register?: Registry;
  /**
   * Labels of `webhooks_attempts_total` besides topic, outcome and status. Each makes as many time series as there are
   * tenants, contracts or subscriptions.
   * @default []
   */
  readonly labels?: readonly ExtraLabel[];
}

/**
 * Measures the engine with prom-client.
 * @throws WebhooksConfigurationError at boot, when the registry has the metrics of another application already
 * @example WebhooksModule.forRoot({ observers: [prometheus()], … })
 */
export function prometheus({ register = globalRegistry, labels = [] }: PrometheusOptions = {}): Observer {
  return { start: (engine) => new PrometheusMetrics(engine, register, labels).start() };
}

class PrometheusMetrics {
  private readonly counters = new Map<Instrument, Counter>();
  private readonly histograms = new Map<Instrument, Histogram>();

  constructor(
    private readonly engine: ObservedEngine,
    private readonly register: Registry,
    private readonly labels: readonly ExtraLabel[],
  ) {}

  start(): () => void {
    [...COUNTED, ...READ].forEach((instrument) => this.assertNew(prometheusName(instrument)));
    COUNTED.forEach((instrument) => this.count(instrument));
    READ.forEach((instrument) => this.read(instrument));
    const unsubscribe = this.engine.subscribe((event) =>
      measurementsOf(event, this.labels).forEach((measurement) => this.add(measurement)),
    );
    return () => {
      unsubscribe();
      [...COUNTED, ...READ].forEach((instrument) => this.register.removeSingleMetric(prometheusName(instrument)));
    };
  }

  private add({ instrument, value, labels }: Measurement): void {
    this.counters.get(instrument)?.inc(labels, value);
    this.histograms.get(instrument)?.observe(labels, value);
  }

  private count(instrument: Instrument): void {
    const described = this.described(instrument);
    if (instrument.kind === 'counter') this.counters.set(instrument, new Counter(described));
    else this.histograms.set(instrument, new Histogram({ ...described, buckets: [...(instrument.buckets ?? [])] }));
  }

  private read(instrument: Instrument): void {
    const { engine } = this;
    new Gauge({
      ...this.described(instrument),
      async collect() {
        const value = (await gaugesOf(engine)).get(instrument);
        // What is not known is not shown: an old value would look like a new one.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  private described(instrument: Instrument) {
    const labelNames = [...instrument.labels, ...(instrument === ATTEMPTS ? this.labels : [])];
    return { name: prometheusName(instrument), help: instrument.help, labelNames, registers: [this.register] };
  }

  private assertNew(name: string): void {
    if (!this.register.getSingleMetric(name)) return;
    throw new WebhooksConfigurationError(
      `The registry of prom-client has the metric ${name} already. Give each application of a process a registry of ` +
        'its own: prometheus({ register: new Registry() }).',
    );
  }
}

/** The name that OpenTelemetry's exporter for Prometheus gives an instrument too. */
function prometheusName({ kind, name, unit }: Instrument): string {
  const words = name.replaceAll('.', '_');
  return `${words}${unit === 's' ? '_seconds' : ''}${kind === 'counter' ? '_total' : ''}`;
}
