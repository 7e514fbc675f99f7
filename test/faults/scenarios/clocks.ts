import { setTimeout as pause } from 'node:timers/promises';
import { HEALTHY_MARKET, MARKET } from '../market';
import type { Scenario } from '../scenario';

const HOUR_MS = 3_600_000;
/** Longer than the time between two heartbeats, so that whatever a step does to a lease has come out. */
const STEP_MS = 600;

/** The clock of the host's machine is set back and forward. On SQLite that is the database's clock as well. */
export const clockSteps: Scenario = {
  name: 'clock-steps',
  fault: 'clock set back by an hour, then forward by one, twice',
  databases: ['sqlite', 'postgres', 'mysql'],
  exactlyOnceOn: ['postgres', 'mysql'],
  market: MARKET,
  async play({ stage }) {
    const { process } = await stage.enter();
    await stage.goesOn();
    for (const aheadMs of [-HOUR_MS, 0, HOUR_MS]) {
      await stage.afflict(STEP_MS, () => process.call('setClock', aheadMs));
      await stage.goesOn();
    }
  },
};

/** Hosts whose clocks are an hour apart share the work; either takes over from the other. */
export const clocksApart: Scenario = {
  name: 'clocks-apart',
  fault: 'SIGKILL of a process whose clock is an hour off',
  databases: ['postgres', 'mysql'],
  market: HEALTHY_MARKET,
  async play({ stage, size, chance }) {
    await stage.enter();
    for (let round = 0; round < size.rounds; round++) {
      const stranger = await stage.enter({ clockAheadMs: round % 2 === 0 ? HOUR_MS : -HOUR_MS });
      await stage.goesOn();
      await pause(chance.between(0, 300));
      await stage.kill(stranger);
      await stage.goesOn();
    }
  },
};
