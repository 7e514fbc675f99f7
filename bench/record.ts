import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Result } from './measurement';

export const RESULTS = join(__dirname, 'results.json');

/** When a measurement was made, and how loaded the machine was before and after it. */
export interface Sitting {
  readonly id: string;
  readonly at: string;
  readonly seconds: number;
  readonly loadBefore: number;
  readonly loadAfter: number;
}

interface Recorded {
  readonly machine: object;
  readonly sittings: readonly Sitting[];
  readonly results: readonly Result[];
}

/** Writes down what was measured; what other runs measured, and this one did not, stays as it was. */
export function record(sittings: readonly Sitting[], results: readonly Result[]): void {
  const measured = new Set(sittings.map(({ id }) => id));
  const before = recorded();
  const machine = { at: new Date().toISOString(), node: process.version, cores: availableParallelism() };
  const all: Recorded = {
    machine,
    sittings: [...before.sittings.filter(({ id }) => !measured.has(id)), ...sittings],
    results: [...before.results.filter(({ id }) => !measured.has(measurementOf(id))), ...results],
  };
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
}

function recorded(): Recorded {
  return existsSync(RESULTS)
    ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Recorded)
    : { machine: {}, sittings: [], results: [] };
}

/** `P1` of `P1-axios`. */
function measurementOf(result: string): string {
  return result.split('-')[0]!;
}
