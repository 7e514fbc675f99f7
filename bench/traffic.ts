import { randomUUID } from 'node:crypto';
import type { WebhooksOptions } from 'nestjs-webhooks';
import type { Published, Stream } from './flow';
import { eventually } from './now';
import { spreadOf, type Spread } from './percentiles';
import type { Host, Receiver, Stage } from './stage';

export const HEALTHY_ENDPOINTS = 100;
export const EVENTS_PER_SECOND = 200;

const WARM_UP_SECONDS = 2;
const LATEST_ARRIVAL_MS = 5_000;

/** The traffic of an ordinary day: 200 events/s over 100 endpoints that answer in 50 ms, and whatever is beside it. */
export interface Traffic {
  readonly seconds: number;
  /** Where the endpoints are that never answer and get one event a second each. @default none */
  readonly deadUrls?: readonly string[];
  /** Whether each event is published in a transaction of the host. @default false */
  readonly inTransaction?: boolean;
  /** @default a database of its own */
  readonly databaseUrl?: string;
  readonly webhooks?: WebhooksOptions;
  /** What else begins with the seconds that count. @default nothing */
  readonly meanwhile?: (host: Host) => Promise<void>;
}

/** How long the events for endpoints that answer took to get there. */
export interface Latencies {
  readonly published: number;
  readonly arrived: number;
  /** From the commit, as the publisher learns of it, to the request at the receiver, in milliseconds. */
  readonly sinceCommit: Spread;
  /** The same from the call of `publish`, or of the transaction around it. */
  readonly sinceCall: Spread;
}

/** Runs the traffic on a fresh host. */
export async function runTraffic(stage: Stage, receiver: Receiver, traffic: Traffic): Promise<Latencies> {
  const host = await stage.host({ databaseUrl: traffic.databaseUrl, webhooks: traffic.webhooks });
  try {
    const streams = await subscribe(host, receiver, traffic.deadUrls ?? []);
    await host.call('flow', streams.slice(0, 1), WARM_UP_SECONDS, traffic.inTransaction);
    await receiver.call('note', true);
    await traffic.meanwhile?.(host);
    const [healthy] = await host.call('flow', streams, traffic.seconds, traffic.inTransaction);
    return await latenciesOf(healthy!, receiver);
  } finally {
    await receiver.call('note', false);
    await host.end();
  }
}

/** The healthy stream first. */
async function subscribe(host: Host, receiver: Receiver, deadUrls: readonly string[]): Promise<Stream[]> {
  const [origin] = await receiver.call('origins');
  // New names, so that the subscriptions of an earlier run on the same database get nothing.
  const run = randomUUID();
  const healthy = Array.from({ length: HEALTHY_ENDPOINTS }, (_, index) => `healthy-${run}-${index}`);
  const dead = deadUrls.map((_, index) => `dead-${run}-${index}`);
  await host.call('subscribe', [
    ...healthy.map((tenant, index) => ({ tenant, url: `${origin}/slow/${index}` })),
    ...dead.map((tenant, index) => ({ tenant, url: deadUrls[index]! })),
  ]);
  const streams = [{ perSecond: EVENTS_PER_SECOND, tenants: healthy }];
  return dead.length === 0 ? streams : [...streams, { perSecond: dead.length, tenants: dead }];
}

async function latenciesOf(healthy: readonly Published[], receiver: Receiver): Promise<Latencies> {
  const arrivals = new Map<string, number>();
  const missing = () => healthy.filter(({ id }) => !arrivals.has(id));
  await eventually(async () => {
    for (const [id, at] of await receiver.call('takeArrivals')) if (!arrivals.has(id)) arrivals.set(id, at);
    return missing().length === 0;
  }, LATEST_ARRIVAL_MS);
  const arrived = healthy.filter(({ id }) => arrivals.has(id));
  return {
    published: healthy.length,
    arrived: arrived.length,
    sinceCommit: spreadOf(arrived.map(({ id, committedAt }) => arrivals.get(id)! - committedAt)),
    sinceCall: spreadOf(arrived.map(({ id, calledAt }) => arrivals.get(id)! - calledAt)),
  };
}
