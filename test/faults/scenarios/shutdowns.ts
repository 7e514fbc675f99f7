import { setTimeout as pause } from 'node:timers/promises';
import { MARKET, type Subscriber } from '../market';
import type { Scenario, Scene } from '../scenario';
import type { Entrance } from '../cast';

/** All endpoints take longer than the hosts may. */
const DAWDLING_MARKET: readonly Subscriber[] = MARKET.map((subscriber) => ({ ...subscriber, manner: 'dawdling' }));

/** A host shuts down in the midst of publishing, fanning out and delivering, and has the time for what is under way. */
export const shutdowns: Scenario = {
  name: 'shutdowns',
  fault: 'shutdown in the middle of everything',
  databases: ['sqlite', 'postgres', 'mysql'],
  exactlyOnceOn: ['sqlite', 'postgres', 'mysql'],
  market: MARKET,
  play: (scene) => shutDownAgainAndAgain(scene, {}),
};

/** The same, with a deadline that comes before the answers do. */
export const brokenOffShutdowns: Scenario = {
  name: 'broken-off-shutdowns',
  fault: 'shutdown that breaks off requests at its deadline',
  databases: ['sqlite', 'postgres', 'mysql'],
  market: DAWDLING_MARKET,
  play: (scene) => shutDownAgainAndAgain(scene, { burst: 20, webhooks: { shutdownTimeoutMs: 100 } }),
};

async function shutDownAgainAndAgain({ stage, size, chance }: Scene, entrance: Entrance): Promise<void> {
  for (let round = 0; round < size.rounds; round++) {
    const player = await stage.enter(entrance);
    await pause(chance.between(100, 700));
    await stage.close(player);
  }
  await stage.enter(entrance);
}
