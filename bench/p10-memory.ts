import { alternate } from './alternation';
import { writeBacklog } from './backlog';
import { below, report, type Measurement } from './measurement';
import { migratedDatabase } from './migrated-database';
import { pause } from './now';
import type { Memory } from './observations';
import type { Receiver, Stage } from './stage';

const ENDPOINTS = 1_000;
const MANY = 1_000_000;
const FEW = 1_000;
const SECONDS = 10;
const MB = 1_048_576;

interface Round {
  readonly few: Memory;
  readonly many: Memory;
}

/**
 * A host that boots on 1,000,000 pending deliveries, against one that boots on 1,000; both times of 1,000 endpoints,
 * which is harder to bound than one. None of them answers, so that everything stays pending.
 */
export const p10: Measurement = {
  id: 'P10',
  title: 'memory with 1,000,000 pending deliveries',
  async run(stage) {
    const receiver = await stage.receiver();
    const few = await backlogged(stage, receiver, FEW);
    const many = await backlogged(stage, receiver, MANY);
    const runs: Round[] = await alternate({ few: () => memory(stage, few), many: () => memory(stage, many) });
    const figure = (id: string, name: string, value: (round: Round) => number) => ({ id, name, runs, value });
    return [
      below(
        64,
        figure(
          'P10',
          'resident memory with 1,000,000 pending − with 1,000, MB',
          (run) => (run.many.rss - run.few.rss) / MB,
        ),
      ),
      report(
        figure(
          'P10-peak',
          'the same of the most it ever had resident, MB',
          (run) => (run.many.peakRss - run.few.peakRss) / MB,
        ),
      ),
      report(
        figure('P10-heap', 'the same of the heap in use, MB', (run) => (run.many.heapUsed - run.few.heapUsed) / MB),
      ),
    ];
  },
};

async function backlogged(stage: Stage, receiver: Receiver, deliveries: number): Promise<string> {
  const [origin] = await receiver.call('origins');
  const databaseUrl = await migratedDatabase(stage);
  await writeBacklog(databaseUrl, { subscriptions: ENDPOINTS, deliveries, url: `${origin}/dead` });
  return databaseUrl;
}

async function memory(stage: Stage, databaseUrl: string): Promise<Memory> {
  const host = await stage.host({ databaseUrl });
  await pause(SECONDS * 1_000);
  const memory = await host.call('memory');
  await host.end();
  return memory;
}
