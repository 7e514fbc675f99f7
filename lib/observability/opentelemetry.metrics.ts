import type { BatchObservableResult, Counter, Histogram, Meter } from '@opentelemetry/api';
import { COUNTED, READ, type ExtraLabel, type Instrument } from './instruments';
import { gaugesOf, measurementsOf } from './measurements';
import type { ObservedEngine } from './observer';

/** Measures the engine until it is told to stop. */
export function startMetrics(engine: ObservedEngine, meter: Meter, labels: readonly ExtraLabel[]): () => void {
  const counted = new Map(COUNTED.map((instrument) => [instrument, adderOf(meter, instrument)]));
  const gauges = new Map(
    READ.map((instrument) => [instrument, meter.createObservableGauge(instrument.name, described(instrument))]),
  );
  const observe = async (result: BatchObservableResult) => {
    for (const [instrument, value] of await gaugesOf(engine)) result.observe(gauges.get(instrument)!, value);
  };
  meter.addBatchObservableCallback(observe, [...gauges.values()]);
  const unsubscribe = engine.subscribe((event) => {
    for (const { instrument, value, labels: named } of measurementsOf(event, labels)) {
      counted.get(instrument)?.(value, named);
    }
  });
  return () => {
    unsubscribe();
    meter.removeBatchObservableCallback(observe, [...gauges.values()]);
  };
}

type Add = (...measured: Parameters<Counter['add'] & Histogram['record']>) => void;

function adderOf(meter: Meter, instrument: Instrument): Add {
  if (instrument.kind === 'counter') {
    const counter = meter.createCounter(instrument.name, described(instrument));
    return (value, labels) => counter.add(value, labels);
  }
  const advice = { explicitBucketBoundaries: [...(instrument.buckets ?? [])] };
  const histogram = meter.createHistogram(instrument.name, { ...described(instrument), advice });
  return (value, labels) => histogram.record(value, labels);
}

function described({ help: description, unit }: Instrument): { description: string; unit: string } {
  return { description, unit };
}
