import { describeEachDatabase } from '../support/databases';
import { ADAPTERS } from '../http/management-host';
import { fuzzPayloads, fuzzRoutes } from './fuzz-runs';
import { FuzzedHost } from './fuzzed-host';

jest.setTimeout(120_000);

/** `npm run fuzz` does it as often as one likes. */
const RUNS = Number(process.env.WEBHOOKS_FUZZ_RUNS ?? 4_000);
const seed = Number(process.env.WEBHOOKS_FUZZ_SEED ?? Date.now() % 1_000_000);

describe(`With seed ${seed}, whatever is sent`, () => {
  describeEachDatabase({ only: ['sqlite'] }, (database) => {
    describe.each(ADAPTERS)('over %s', (_, makeAdapter) => {
      let fuzzed: FuzzedHost;
      beforeAll(async () => {
        fuzzed = await FuzzedHost.start(database, makeAdapter);
      });
      afterAll(() => fuzzed?.stop());

      it('to any route is answered, in the words of its contract, without a failure or a word in the log', async () => {
        await fuzzRoutes(fuzzed, { runs: RUNS, seed });
        await fuzzed.stillWorks();
      });

      it('as a payload arrives as the JSON of it, or is refused', async () => {
        await fuzzPayloads(fuzzed, { runs: Math.ceil(RUNS / 10), seed });
      });
    });
  });
});
