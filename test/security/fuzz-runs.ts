import fc from 'fast-check';
import type { FuzzedHost } from './fuzzed-host';
import { values } from './nasty-values';

export interface Budget {
  readonly runs: number;
  /** The same seed sends the same things. */
  readonly seed: number;
}

/** Sends what comes to mind to every route. */
export async function fuzzRoutes(fuzzed: FuzzedHost, { runs: numRuns, seed }: Budget): Promise<void> {
  const property = fc.asyncProperty(fuzzed.requests, (request) => fuzzed.withstands(request));
  await fc.assert(property, { numRuns, seed });
}

/** Publishes what comes to mind. */
export async function fuzzPayloads(fuzzed: FuzzedHost, { runs: numRuns, seed }: Budget): Promise<void> {
  await fuzzed.subscribeReceiver();
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true });
  const property = fc.asyncProperty(fc.oneof(anything, values), (payload) => fuzzed.delivers(payload));
  await fc.assert(property, { numRuns, seed });
}
