import { ROUNDS } from './alternation';
import type { Measurement, Result } from './measurement';
import { now } from './now';
import { databaseWithPast, PAST_TENANT } from './past-events';
import { median } from './percentiles';
import type { Receiver, Stage } from './stage';
import { runTraffic, type Latencies } from './traffic';

const SECONDS = 10;
/** More than can be replayed within the seconds that count. */
const PAST_EVENTS = 100_000;
const SPEEDS = { slow: '50 ms', past: 'at once' } as const;

type Speed = keyof typeof SPEEDS;

interface Beside extends Latencies {
  /** How many requests of the replay came in, meanwhile. */
  readonly replayedPerSecond: number;
}

interface Round {
  readonly without: Latencies;
  readonly beside: Readonly<Record<Speed, Beside>>;
}

/** A replay of 100,000 events to one subscription, beside 100 others that answer in 50 ms and get 200 events/s. */
export const p4Replay: Measurement = {
  id: 'P4R',
  title: 'isolation from a replay of 100,000 events',
  async run(stage) {
    const receiver = await stage.receiver();
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const databaseUrl = await databaseWithPast(stage, PAST_EVENTS);
      const without = await runTraffic(stage, receiver, { seconds: SECONDS, databaseUrl });
      const slow = await besideReplay(stage, receiver, 'slow');
      rounds.push({ without, beside: { slow, past: await besideReplay(stage, receiver, 'past') } });
    }
    return (Object.keys(SPEEDS) as Speed[]).map((speed) => resultOf(speed, rounds));
  },
};

async function besideReplay(stage: Stage, receiver: Receiver, speed: Speed): Promise<Beside> {
  const databaseUrl = await databaseWithPast(stage, PAST_EVENTS);
  const [origin] = await receiver.call('origins');
  const soFar = async () => ({ at: now(), requests: (await receiver.call('counts')).requests });
  let begin = await soFar();
  const latencies = await runTraffic(stage, receiver, {
    seconds: SECONDS,
    databaseUrl,
    meanwhile: async (host) => {
      await host.call('replayThePast', { url: `${origin}/${speed}/replayed`, tenant: PAST_TENANT });
      begin = await soFar();
    },
  });
  const end = await soFar();
  const replayed = end.requests - begin.requests - latencies.arrived;
  return { ...latencies, replayedPerSecond: (1_000 * replayed) / (end.at - begin.at) };
}

function resultOf(speed: Speed, rounds: readonly Round[]): Result {
  const runs = rounds.map(({ without, beside }) => ({ without, beside: beside[speed] }));
  const value = median(runs.map(({ without, beside }) => beside.sinceCommit.p99 / without.sinceCommit.p99));
  const added = median(runs.map(({ without, beside }) => beside.sinceCommit.p99 - without.sinceCommit.p99));
  const pace = Math.round(median(runs.map(({ beside }) => beside.replayedPerSecond)));
  const complete = runs.every(({ beside }) => beside.arrived === beside.published);
  return {
    id: `P4R-${speed === 'slow' ? 'slow' : 'fast'}`,
    name:
      `healthy p99 beside a replay to one that answers ${SPEEDS[speed]}, ${pace}/s, ÷ without ` +
      `(${added < 0 ? '−' : '+'} ${Math.abs(added).toFixed(1)} ms${complete ? '' : ', NOT ALL DELIVERED'})`,
    value,
    target: '≤ 1.3 or + 3 ms, all delivered',
    met: complete && (value <= 1.3 || added <= 3),
    runs,
  };
}
