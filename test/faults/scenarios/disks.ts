import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { MARKET } from '../market';
import type { Scenario, Scene } from '../scenario';
import type { Player } from '../cast';

/** SQLite finds no room for another page: what it answers when the disk is full. */
export const fullDisk: Scenario = {
  name: 'full-disk',
  fault: 'disk full (SQLITE_FULL)',
  databases: ['sqlite'],
  market: MARKET,
  play: (scene) =>
    failToWrite(
      scene,
      ({ process }) => process.call('fillDisk'),
      ({ process }) => process.call('freeDisk'),
    ),
};

/** The operating system refuses every write to a file. */
export const failingWrites: Scenario = {
  name: 'failing-writes',
  fault: 'every write to a file fails (SQLITE_IOERR)',
  databases: ['sqlite'],
  market: MARKET,
  missing: () => (hasPrlimit() ? undefined : 'there is no prlimit command'),
  play: (scene) =>
    failToWrite(
      scene,
      ({ process }) => limitFileSize(process.pid, '0'),
      ({ process }) => limitFileSize(process.pid, 'unlimited'),
    ),
};

type Deed = (player: Player) => unknown;

async function failToWrite({ stage, size, chance }: Scene, begin: Deed, end: Deed): Promise<void> {
  const player = await stage.enter({ plainTransactions: true });
  for (let round = 0; round < size.rounds; round++) {
    await pause(chance.between(100, 700));
    const before = stage.cast.rejections;
    await stage.afflict(
      chance.between(300, 2_500),
      () => begin(player),
      () => end(player),
    );
    if (stage.cast.rejections === before)
      throw new Error('Expected publications to be rejected while nothing can be written.');
    await stage.goesOn();
  }
}

function limitFileSize(pid: number, limit: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:unlimited`]);
}

function hasPrlimit(): boolean {
  try {
    execFileSync('prlimit', ['--version']);
    return true;
  } catch {
    return false;
  }
}
