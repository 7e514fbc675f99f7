import { AggregationTemporality, DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { Registry } from 'prom-client';
import { defineTopic, type Observer } from 'nestjs-webhooks';
import { openTelemetry } from 'nestjs-webhooks/opentelemetry';
import { prometheus } from 'nestjs-webhooks/prometheus';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host, type HostOptions } from '../support/host';
import { sampleOf, scrape } from './scrape';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const shipment = { id: 'A-1' };

/** Reads when it is told to. */
class Reader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }

  protected onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  let host: Host | undefined;

  beforeEach(async () => (handle = await database.create()));
  afterEach(async () => {
    await host?.stop();
    await handle.drop();
    host = undefined;
  });

  async function start(webhooks: HostOptions['webhooks']): Promise<Host> {
    const retry = { schedule: ['1h'] as const, jitter: 0 };
    return (host = await Host.start(handle, { topics: [OrderShipped], webhooks: { retry, ...webhooks } }));
  }

  /** Three events: one is taken, one at the second attempt, one never; and a fourth meets an endpoint that is gone. */
  async function traffic({ webhooks, receiver, clock }: Host): Promise<void> {
    const answers: [number, number?][] = [[204], [503, 200], [500, 500]];
    for (const [first, second] of answers) {
      receiver.answers(first).then(second ?? 204);
      await webhooks.publish(OrderShipped, shipment);
      await webhooks.idle();
      if (second !== undefined) await clock.advance('1h');
    }
    receiver.answers(410);
    await webhooks.publish(OrderShipped, shipment);
    await webhooks.idle();
  }

  describe('prometheus()', () => {
    it('counts what was published, attempted and suspended, exactly', async () => {
      const register = new Registry();
      const started = await start({ observers: [prometheus({ register })] });
      await started.subscribe();
      await traffic(started);
      const samples = await scrape(register);
      const attempts = (outcome: string, status: string) =>
        sampleOf(samples, 'webhooks_attempts_total', { topic: 'order.shipped', outcome, status });
      expect(sampleOf(samples, 'webhooks_events_published_total', { topic: 'order.shipped' })).toBe(4);
      expect(attempts('delivered', '2xx')).toBe(2);
      expect(attempts('retrying', '5xx')).toBe(2);
      expect(attempts('exhausted', '5xx')).toBe(1);
      expect(attempts('exhausted', '4xx')).toBe(1);
      expect(sampleOf(samples, 'webhooks_attempt_duration_seconds_count', { outcome: 'delivered' })).toBe(2);
      expect(sampleOf(samples, 'webhooks_first_attempt_lag_seconds_count')).toBe(4);
      expect(sampleOf(samples, 'webhooks_suspensions_total')).toBe(1);
      expect(sampleOf(samples, 'webhooks_subscriptions_suspended')).toBe(1);
      expect(sampleOf(samples, 'webhooks_engine_failures_total')).toBe(0);
      expect(sampleOf(samples, 'webhooks_lease_losses_total')).toBe(0);
    });

    it('counts endpoints that have failed for an hour, and subscriptions that were resumed', async () => {
      const register = new Registry();
      const started = await start({ observers: [prometheus({ register })] });
      const { id } = await started.subscribe();
      started.receiver.answers(500);
      await started.webhooks.publish(OrderShipped, shipment);
      const totals = async () => {
        const samples = await scrape(register);
        const names = ['failing_streaks', 'suspensions', 'resumptions'];
        return names.map((name) => sampleOf(samples, `webhooks_${name}_total`));
      };
      expect(await totals()).toEqual([0, 0, 0]);
      await started.clock.advance('1h');
      expect(await totals()).toEqual([1, 0, 0]);
      started.receiver.answers(410);
      await started.webhooks.publish(OrderShipped, shipment);
      await started.webhooks.idle();
      await started.subscriptions.resume(id);
      expect(await totals()).toEqual([1, 1, 1]);
    });

    it('says what there is to do, read from the database every 15 seconds at the most', async () => {
      const register = new Registry();
      const started = await start({ observers: [prometheus({ register })], shutdownTimeoutMs: 0 });
      await started.subscribe();
      const backlog = async () => {
        const samples = await scrape(register);
        return ['deliveries_pending', 'backlog_age_seconds', 'attempts_in_flight', 'lanes_owned'].map((name) =>
          sampleOf(samples, `webhooks_${name}`),
        );
      };
      expect(await backlog()).toEqual([0, 0, 0, 0]);
      const { webhooks, receiver, clock } = started;
      receiver.answers(500).thenHangs();
      await webhooks.publish(OrderShipped, shipment);
      await webhooks.idle();
      expect(await backlog()).toEqual([0, 0, 0, 1]);
      await clock.advance('15s');
      expect(await backlog()).toEqual([1, 0, 0, 1]);
      // It goes on while the answer is outstanding: the delivery was due an hour after its first attempt.
      await clock.advance('60m', () => new Promise((resolve) => setImmediate(resolve)));
      await receiver.waitFor(2);
      expect(await backlog()).toEqual([1, 15, 1, 1]);
    });

    it('does not take for late what a disabled subscription holds back', async () => {
      const register = new Registry();
      const started = await start({ observers: [prometheus({ register })] });
      const { id } = await started.subscribe();
      started.receiver.answers(500);
      await started.webhooks.publish(OrderShipped, shipment);
      await started.webhooks.idle();
      await started.subscriptions.update(id, { enabled: false });
      await started.clock.advance('1d');
      const samples = await scrape(register);
      expect(sampleOf(samples, 'webhooks_deliveries_pending')).toBe(1);
      expect(sampleOf(samples, 'webhooks_backlog_age_seconds')).toBe(0);
    });

    it('shows nothing of the database where that does not answer, and counts that as a failure', async () => {
      const register = new Registry();
      const started = await start({ observers: [prometheus({ register })] });
      await started.dataSource.query('DROP TABLE webhooks_delivery');
      const samples = await scrape(register);
      expect(sampleOf(samples, 'webhooks_deliveries_pending')).toBeUndefined();
      expect(sampleOf(samples, 'webhooks_lanes_owned')).toBe(0);
      expect(sampleOf(await scrape(register), 'webhooks_engine_failures_total')).toBeGreaterThan(0);
    });

    it('has labels for tenants, contracts and subscriptions where they are asked for', async () => {
      const register = new Registry();
      const observers = [prometheus({ register, labels: ['tenant', 'contract', 'subscription'] })];
      const started = await start({ observers });
      const { id: subscription } = await started.subscribe({ tenant: 'acme' });
      await started.webhooks.publish(OrderShipped, shipment, { tenant: 'acme' });
      await started.webhooks.idle();
      const labels = { topic: 'order.shipped', outcome: 'delivered', status: '2xx' };
      const more = { tenant: 'acme', contract: 'standard', subscription };
      expect(sampleOf(await scrape(register), 'webhooks_attempts_total', { ...labels, ...more })).toBe(1);
    });

    it('refuses a registry that another application has, and gives its own back at the end', async () => {
      const register = new Registry();
      const first = await start({ observers: [prometheus({ register })] });
      const second = Host.start(handle, { webhooks: { observers: [prometheus({ register })] } });
      await expect(second).rejects.toThrow('Give each application of a process a registry of its own');
      await first.stop();
      host = undefined;
      expect(await scrape(register)).toEqual([]);
    });
  });

  describe('openTelemetry()', () => {
    it('measures the same with the SDK of the host', async () => {
      const reader = new Reader();
      const meterProvider = new MeterProvider({ readers: [reader] });
      const register = new Registry();
      const observers = [openTelemetry({ meterProvider, traces: false }), prometheus({ register })];
      const started = await start({ observers });
      await started.subscribe();
      await traffic(started);
      const { resourceMetrics } = await reader.collect();
      const measured = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
      const counted = measured.flatMap(({ descriptor: { name, unit }, dataPointType, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => {
          const histogram = dataPointType === DataPointType.HISTOGRAM;
          const words = name.replaceAll('.', '_') + (unit === 's' ? '_seconds' : '');
          const isCounter = dataPointType === DataPointType.SUM;
          const total = histogram ? (value as { count: number }).count : (value as number);
          return [`${words}${isCounter ? '_total' : histogram ? '_count' : ''}`, attributes, total] as const;
        }),
      );
      expect(counted.length).toBeGreaterThanOrEqual(14);
      const samples = await scrape(register);
      for (const [name, labels, value] of counted) {
        expect([name, labels, sampleOf(samples, name, labels as Record<string, string>)]).toEqual([
          name,
          labels,
          value,
        ]);
      }
      await meterProvider.shutdown();
    });
  });
});

describe('observers', () => {
  it('may be the host’s own: told of everything from boot to shutdown', async () => {
    const told: string[] = [];
    const stop = jest.fn();
    const own: Observer = {
      start(engine) {
        engine.subscribe(({ type }) => told.push(type));
        return stop;
      },
    };
    const options = { type: 'better-sqlite3', database: ':memory:' } as const;
    const host = await Host.start({ options }, { topics: [OrderShipped], webhooks: { observers: [own] } });
    await host.subscribe();
    told.length = 0;
    await host.webhooks.publish(OrderShipped, shipment);
    await host.webhooks.idle();
    expect(told).toEqual(['event.published', 'delivery.delivered']);
    expect(stop).not.toHaveBeenCalled();
    await host.stop();
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('are refused where they are none, or more than one of them traces', async () => {
    const options = { type: 'better-sqlite3', database: ':memory:' } as const;
    const boot = (observers: unknown) => Host.start({ options }, { webhooks: { observers: observers as never } });
    await expect(boot(prometheus)).rejects.toThrow('Expected observers to be a list such as [prometheus()');
    await expect(boot([prometheus])).rejects.toThrow('Expected observers to be a list such as [prometheus()');
    await expect(boot([openTelemetry(), openTelemetry()])).rejects.toThrow('at most one that follows traces');
  });
});
