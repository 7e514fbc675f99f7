import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Measurement, Result } from './measurement';
import { now } from './now';
import { p1 } from './p1-throughput';
import { p2 } from './p2-overhead';
import { p3 } from './p3-latency';
import { p4 } from './p4-isolation';
import { p4Replay } from './p4-replay';
import { p5 } from './p5-backlog';
import { p6 } from './p6-statements';
import { p7 } from './p7-fan-out';
import { p8 } from './p8-transaction';
import { p9 } from './p9-event-loop';
import { p10 } from './p10-memory';
import { p12 } from './p12-connections';
import { record, RESULTS, type Sitting } from './record';
import { Stage } from './stage';
import { table } from './table';

const MEASUREMENTS: readonly Measurement[] = [p1, p2, p3, p4, p4Replay, p5, p6, p7, p8, p9, p10, p12];

/** Runs the measurements, all of them or those that `--only P1,P4` names. */
async function main(): Promise<void> {
  const measurements = chosen(parseArgs({ options: { only: { type: 'string' } } }).values.only);
  const results: Result[] = [];
  const sittings: Sitting[] = [];
  for (const measurement of measurements) {
    const at = new Date().toISOString();
    const loadBefore = loadavg()[0]!;
    const startedAt = now();
    console.log(`${measurement.id} ${measurement.title} …`);
    try {
      results.push(...(await measure(measurement)));
    } catch (error) {
      console.error(`${measurement.id} failed:`, error);
      process.exitCode = 1;
    }
    const seconds = Math.round((now() - startedAt) / 1_000);
    console.log(`${measurement.id} took ${seconds} s`);
    sittings.push({ id: measurement.id, at, seconds, loadBefore, loadAfter: loadavg()[0]! });
  }
  record(sittings, results);
  console.log(`\n${table(results)}\n\nRaw data: ${RESULTS}`);
}

function chosen(only: string | undefined): readonly Measurement[] {
  if (only === undefined) return MEASUREMENTS;
  return only.split(',').map((id) => {
    const found = MEASUREMENTS.find((measurement) => measurement.id === id.trim().toUpperCase());
    if (found) return found;
    throw new Error(`Expected --only to list ${MEASUREMENTS.map((each) => each.id).join(', ')}, got "${id}".`);
  });
}

async function measure(measurement: Measurement): Promise<Result[]> {
  const stage = new Stage();
  const interrupted = () => void stage.strike().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  try {
    return await measurement.run(stage);
  } finally {
    await stage.strike();
    process.off('SIGINT', interrupted);
  }
}

void main();
