import type { DatabaseKind } from '../support/databases';
import type { Engine } from '../support/databases/engine';
import { EmbeddedPostgres } from '../support/databases/embedded-postgres';
import { PostgresEngine } from '../support/databases/postgres.engine';
import { LANE_CAP } from './cast';
import { Chance } from './chance';
import type { Nursery } from './nursery';
import type { Scenario, Size } from './scenario';
import { Stage, type Result } from './stage';

export interface Play {
  readonly size: Size;
  /** What all that is left to chance depends on. */
  readonly seed: number;
  readonly nursery: Nursery;
}

/** Plays a scenario on a fresh database and tells what has come of it. */
export async function play(scenario: Scenario, engine: Engine, { size, seed, nursery }: Play): Promise<Result> {
  const server = scenario.ownServer ? await EmbeddedPostgres.start({ durable: true }) : undefined;
  const database = await (server ? new PostgresEngine(server.url) : engine).create();
  const stage = await Stage.set(database, scenario.market, nursery);
  try {
    await scenario.play({ stage, size, chance: new Chance(seed), server });
    return await stage.result();
  } finally {
    await stage.strike();
    await server?.stop();
  }
}

/** What a result has in it that must not be; nothing when all is well. */
export function objections(scenario: Scenario, kind: DatabaseKind, result: Result): string[] {
  const exactlyOnce = scenario.exactlyOnceOn?.includes(kind) ?? false;
  const claims: [boolean, string][] = [
    [result.recovered, 'it did not recover by itself'],
    [result.owed > 0, 'nothing was owed'],
    [result.lost === 0, `${result.lost} deliveries were lost`],
    [result.wrong === 0, `${result.wrong} requests were wrong`],
    [result.unexplained === 0, `${result.unexplained} requests were repeated that were not in flight at a fault`],
    [
      result.repeated <= result.inFlight,
      `${result.repeated} requests were repeated, ${result.inFlight} were in flight`,
    ],
    // Those of a lane that was lost, and those of the same lane taken anew.
    [result.mostInFlight <= 2 * LANE_CAP, `${result.mostInFlight} requests to one subscription were in flight`],
    [!exactlyOnce || result.repeated === 0, `${result.repeated} requests were repeated though nothing was broken off`],
  ];
  return claims.filter(([holds]) => !holds).map(([, objection]) => objection);
}
