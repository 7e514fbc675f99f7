import { ROUNDS } from './alternation';
import type { Measurement, Result } from './measurement';
import { median } from './percentiles';
import type { Receiver, Stage } from './stage';
import { runTraffic, type Latencies } from './traffic';

const SECONDS = 8;
/** Shorter than by default, so that time-outs and what follows them fall into the eight seconds. */
const ATTEMPT_TIMEOUT_MS = 3_000;
const DEAD_ENDPOINTS = [1, 10, 50];

interface Neighbourhood {
  readonly dead: number;
  readonly on: (typeof PLACES)[number];
}

interface Round {
  readonly without: Latencies;
  readonly beside: Latencies;
}

const PLACES = ['own origins', 'the origin of the others'] as const;

/** Endpoints that never answer, beside 100 that answer in 50 ms and get 200 events/s. */
export const p4: Measurement = {
  id: 'P4',
  title: 'isolation from endpoints that never answer',
  async run(stage) {
    const receiver = await stage.receiver({ moreOrigins: Math.max(...DEAD_ENDPOINTS) });
    const sizes = DEAD_ENDPOINTS.map((dead) => ({ dead, rounds: PLACES.map((): Round[] => []) }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const { dead, rounds } of sizes) {
        const without = await traffic(stage, receiver, []);
        for (const [place, on] of PLACES.entries()) {
          rounds[place]!.push({
            without,
            beside: await traffic(stage, receiver, await deadUrls(receiver, { dead, on })),
          });
        }
      }
    }
    return sizes.flatMap(({ dead, rounds }) => PLACES.map((on, place) => resultOf({ dead, on }, rounds[place]!)));
  },
};

function traffic(stage: Stage, receiver: Receiver, urls: readonly string[]): Promise<Latencies> {
  const webhooks = { attemptTimeoutMs: ATTEMPT_TIMEOUT_MS };
  return runTraffic(stage, receiver, { seconds: SECONDS, deadUrls: urls, webhooks });
}

async function deadUrls(receiver: Receiver, { dead, on }: Neighbourhood): Promise<string[]> {
  const [shared, ...own] = await receiver.call('origins');
  return Array.from({ length: dead }, (_, index) => `${on === 'own origins' ? own[index] : shared}/dead/${index}`);
}

function resultOf({ dead, on }: Neighbourhood, runs: readonly Round[]): Result {
  const value = median(runs.map(({ without, beside }) => beside.sinceCommit.p99 / without.sinceCommit.p99));
  const added = median(runs.map(({ without, beside }) => beside.sinceCommit.p99 - without.sinceCommit.p99));
  const complete = runs.every(({ beside }) => beside.arrived === beside.published);
  return {
    id: `P4-${dead}-${on === 'own origins' ? 'own' : 'shared'}`,
    name: `healthy p99 beside ${dead} dead on ${on} ÷ without (${signed(added)} ms${complete ? '' : ', NOT ALL DELIVERED'})`,
    value,
    target: '≤ 1.3 or + 3 ms, all delivered',
    met: complete && (value <= 1.3 || added <= 3),
    runs,
  };
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'} ${Math.abs(ms).toFixed(1)}`;
}
