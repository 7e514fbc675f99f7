import { setTimeout as pause } from 'node:timers/promises';
import { MARKET } from '../market';
import type { Scenario } from '../scenario';
import type { Stage } from '../stage';

/** Two hosts work; one of them is killed, and another one takes its place: again and again, whatever they are doing. */
export const kills: Scenario = {
  name: 'kills',
  fault: 'SIGKILL of one of two processes',
  databases: ['sqlite', 'postgres', 'mysql'],
  market: MARKET,
  async play({ stage, size, chance }) {
    await stage.enter();
    for (let count = 0; count < size.kills; count++) {
      const entrance = enterUnlessKilled(stage);
      await pause(chance.between(0, 500));
      // It may be one that is still opening: that, too, is a moment.
      await stage.kill(chance.oneOf(stage.players));
      await entrance;
    }
    if (stage.players.length === 0) await stage.enter();
  },
};

async function enterUnlessKilled(stage: Stage): Promise<void> {
  try {
    await stage.enter();
  } catch (error) {
    if (!String(error).includes('ended without an answer')) throw error;
  }
}
