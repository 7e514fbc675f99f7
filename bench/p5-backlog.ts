import { alternate, repeat } from './alternation';
import { writeBacklog } from './backlog';
import { atMost, type Measurement, type Result } from './measurement';
import { migratedDatabase } from './migrated-database';
import { median } from './percentiles';
import type { Stage } from './stage';
import { runTraffic, type Latencies } from './traffic';

const SECONDS = 10;
const LARGE = 1_000_000;
const SMALL = 1_000;
const REFILLS = 200;
const webhooks = { attemptTimeoutMs: 4_000 };

/** 1,000,000 due deliveries of one endpoint that never answers, in the table beside the traffic of the others. */
export const p5: Measurement = {
  id: 'P5',
  title: 'isolation from a backlog of 1,000,000 deliveries',
  async run(stage) {
    const receiver = await stage.receiver();
    const [origin] = await receiver.call('origins');
    const databaseUrl = await migratedDatabase(stage);
    const [large] = await writeBacklog(databaseUrl, { subscriptions: 1, deliveries: LARGE, url: `${origin}/dead` });
    const [small] = await writeBacklog(databaseUrl, { subscriptions: 1, deliveries: SMALL, url: `${origin}/dead` });
    const traffic = await alternate({
      without: () => runTraffic(stage, receiver, { seconds: SECONDS, webhooks }),
      beside: () => runTraffic(stage, receiver, { seconds: SECONDS, webhooks, databaseUrl }),
    });
    return [isolation(traffic), await refill(stage, databaseUrl, { large: large!, small: small! })];
  },
};

function isolation(runs: readonly Record<'without' | 'beside', Latencies>[]): Result {
  const complete = runs.every(({ beside }) => beside.arrived === beside.published);
  const result = atMost(1.5, {
    id: 'P5-latency',
    name: `healthy p99 beside 1,000,000 due of one dead endpoint ÷ without${complete ? '' : ', NOT ALL DELIVERED'}`,
    runs,
    value: ({ without, beside }) => beside.sinceCommit.p99 / without.sinceCommit.p99,
  });
  return { ...result, met: complete && result.met };
}

/** The refills of both lanes take turns one by one. */
async function refill(stage: Stage, databaseUrl: string, lanes: Record<'large' | 'small', string>): Promise<Result> {
  const host = await stage.host({ databaseUrl, webhooks });
  const runs = await repeat(async () => {
    const times = await alternate(
      { small: () => host.call('refill', lanes.small), large: () => host.call('refill', lanes.large) },
      REFILLS,
    );
    return { smallMs: median(times.map(({ small }) => small)), largeMs: median(times.map(({ large }) => large)) };
  });
  return atMost(1.3, {
    id: 'P5-refill',
    name: 'refill of a lane with 1,000,000 due ÷ with 1,000 due',
    runs,
    value: ({ smallMs, largeMs }) => largeMs / smallMs,
  });
}
