import { DATABASE_NAMES, engineOf, type DatabaseKind } from '../support/databases';
import { Engine } from '../support/databases/engine';
import { Nursery } from './nursery';
import { objections, play } from './play';
import type { Scenario, Size } from './scenario';
import { SCENARIOS } from './scenarios';

jest.setTimeout(180_000);

/** `npm run faults` does it as often as one likes. */
const SIZES: Record<DatabaseKind, Size> = {
  sqlite: { kills: 25, rounds: 1 },
  postgres: { kills: 25, rounds: 1 },
  mysql: { kills: 4, rounds: 1 },
};
const seed = Number(process.env.WEBHOOKS_FAULTS_SEED ?? Date.now() % 1_000_000);

describe(`With seed ${seed}, nothing is lost and nothing but what was in flight is repeated after`, () => {
  const nursery = new Nursery(3);
  afterAll(() => nursery.close());

  for (const scenario of SCENARIOS) {
    describe(scenario.fault, () => scenario.databases.forEach((kind) => playOn(scenario, kind)));
  }

  function playOn(scenario: Scenario, kind: DatabaseKind): void {
    const engine = engineOf(kind);
    const missing = scenario.missing?.() ?? (engine instanceof Engine ? undefined : engine.missing);
    if (missing !== undefined) return it.skip(`on ${DATABASE_NAMES[kind]} (skipped: ${missing})`, () => undefined);
    it(`on ${DATABASE_NAMES[kind]}`, async () => {
      const result = await play(scenario, engine as Engine, { size: SIZES[kind], seed, nursery });
      expect({ objections: objections(scenario, kind, result), ...result }).toMatchObject({ objections: [] });
    });
  }
});
