import fc from 'fast-check';
import type { FuzzedHost } from './fuzzed-host';
import { values } from './nasty-values';

export interface Budget {
  readonly runs: number;
  /** The same seed sends the same things. */
  readonly seed: number;
}

/** What is there is made anew after so many, before requests have removed it all. */
const RUNS_OF_A_ROUND = 2_000;

/** Sends what comes to mind to every route. */
export async function fuzzRoutes(fuzzed: FuzzedHost, { runs, seed }: Budget): Promise<void> {
  for (let round = 0; round * RUNS_OF_A_ROUND < runs; round++) {
    const property = fc.asyncProperty(await fuzzed.newRequests(), (request) => fuzzed.withstands(request));
    await fc.assert(property, {
      numRuns: Math.min(RUNS_OF_A_ROUND, runs - round * RUNS_OF_A_ROUND),
      seed: seed + round,
    });
  }
}

/** Publishes what comes to mind. */
export async function fuzzPayloads(fuzzed: FuzzedHost, { runs: numRuns, seed }: Budget): Promise<void> {
  await fuzzed.subscribeReceiver();
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true });
  const property = fc.asyncProperty(fc.oneof(anything, values), (payload) => fuzzed.delivers(payload));
  await fc.assert(property, { numRuns, seed });
}
