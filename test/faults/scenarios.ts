import type { Scenario } from './scenario';
import { clocksApart, clockSteps } from './scenarios/clocks';
import { databaseRestarts, lostConnections } from './scenarios/connections';
import { failingWrites, fullDisk } from './scenarios/disks';
import { kills } from './scenarios/kills';
import { axiosReceivers, undiciReceivers } from './scenarios/receivers';
import { brokenOffShutdowns, shutdowns } from './scenarios/shutdowns';
import { stalls } from './scenarios/stalls';

export const SCENARIOS: readonly Scenario[] = [
  kills,
  stalls,
  databaseRestarts,
  lostConnections,
  axiosReceivers,
  undiciReceivers,
  clockSteps,
  clocksApart,
  fullDisk,
  failingWrites,
  shutdowns,
  brokenOffShutdowns,
];
