import { setTimeout as pause } from 'node:timers/promises';
import { MARKET } from '../market';
import type { Scenario } from '../scenario';

/** More than twice the lease, so that the other host has taken over long since. */
const STALL_MS = 2_500;

/** A host stalls with requests in flight, another takes its lanes, and then it comes back and knows nothing of it. */
export const stalls: Scenario = {
  name: 'stalls',
  fault: 'SIGSTOP of one of two processes beyond its lease, then SIGCONT',
  databases: ['sqlite', 'postgres', 'mysql'],
  market: MARKET,
  async play({ stage, size, chance }) {
    await stage.enter();
    await stage.enter();
    for (let round = 0; round < size.rounds; round++) {
      await pause(chance.between(300, 900));
      await stage.stall(chance.oneOf(stage.players), STALL_MS);
      await stage.goesOn();
    }
  },
};
