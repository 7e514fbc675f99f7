import { disconnectEveryone } from '../disconnection';
import { MARKET } from '../market';
import type { Scenario, Scene } from '../scenario';
import { Wire } from '../wire';

/** Below and beyond the lease. */
const OUTAGES_MS = [300, 2_500] as const;

/** Connections to the database break, in all the ways in which they do. */
export const lostConnections: Scenario = {
  name: 'lost-connections',
  fault: 'connections to the database cut and refused, ended by the server, lost before its answer',
  databases: ['postgres', 'mysql'],
  market: MARKET,
  async play(scene) {
    const wire = await wireToTwoHosts(scene);
    for (let round = 0; round < scene.size.rounds; round++) await breakConnections(scene, wire);
  },
};

/** The server dies without a word, and is back after a while. */
export const databaseRestarts: Scenario = {
  name: 'database-restarts',
  fault: 'database server killed and restarted',
  databases: ['postgres'],
  ownServer: true,
  market: MARKET,
  async play(scene) {
    const { stage, size, chance, server } = scene;
    const wire = await wireToTwoHosts(scene);
    for (let round = 0; round < size.rounds; round++) {
      // Nobody comes back before it is known what was pending.
      const crash = async () => {
        wire.refuse();
        await server!.crash();
        await stage.books.reopen();
      };
      await stage.afflict(chance.between(100, 2_000), crash, () => wire.mend());
      await stage.goesOn();
    }
  },
};

async function wireToTwoHosts({ stage, chance }: Scene): Promise<Wire> {
  const wire = stage.keep(await Wire.to(stage.database.url, chance));
  await stage.enter({ databaseUrl: wire.url });
  await stage.enter({ databaseUrl: wire.url });
  return wire;
}

async function breakConnections({ stage, chance }: Scene, wire: Wire): Promise<void> {
  const mend = () => wire.mend();
  for (const lastsMs of OUTAGES_MS) {
    await stage.afflict(lastsMs, () => wire.cut(), mend);
    await stage.goesOn();
  }
  await stage.afflict(chance.between(200, 600), () => wire.loseAnswers(0.15), mend);
  await stage.afflict(100, () => disconnectEveryone(stage.database.url));
  await stage.goesOn();
}
