import type fc from 'fast-check';
import { DeliveriesRepository } from 'nestjs-webhooks';
import { isDeepStrictEqual } from 'node:util';
import { ContractsHost } from '../contracts/contracts-host';
import type { ADAPTERS } from '../http/management-host';
import type { TestDatabase } from '../support/databases';
import { isErrorOf } from './error-shapes';
import { hostileRequests, type Ground, type HostileRequest } from './hostile-requests';
import { plant, type Planted } from './planted';
import { RawClient, type RawAnswer } from './raw-client';
import { contractAt, CONTRACTS, OrderCreated, TOPICS } from './served-contracts';
import { watchRoutes } from './served-routes';

/** Requests remove some, and there should be some left. */
const PLANTED = 6;

type MakeAdapter = (typeof ADAPTERS)[number][1];

/** A host with every contract, and what is expected of it whatever it is sent. */
export class FuzzedHost {
  /** What was logged as an error. */
  readonly logged: string[] = [];

  private constructor(
    readonly host: ContractsHost,
    private readonly client: RawClient,
    private readonly ground: Omit<Ground, 'planted'>,
  ) {}

  static async start(database: TestDatabase, makeAdapter: MakeAdapter): Promise<FuzzedHost> {
    const adapter = makeAdapter();
    const routesOf = watchRoutes(adapter);
    const host = await ContractsHost.start(database, adapter, {
      contracts: CONTRACTS,
      topics: TOPICS,
      webhooks: { retry: { schedule: [] } },
    });
    const ground = { routes: routesOf(host.app), url: host.receiver.url('/fuzzed') };
    const fuzzed = new FuzzedHost(host, new RawClient(await host.app.getUrl()), ground);
    const note = (...said: unknown[]) => void fuzzed.logged.push(said.map(String).join(' '));
    host.app.useLogger({ log: () => undefined, warn: () => undefined, error: note, fatal: note });
    return fuzzed;
  }

  /** Requests to whatever there is then: subscriptions, events and deliveries, and nothing of those before. */
  async newRequests(): Promise<fc.Arbitrary<HostileRequest>> {
    await this.removeSubscriptions();
    const planted: Planted[] = [];
    for (let count = 0; count < PLANTED; count++) planted.push(await plant(this.host, 'acme'));
    return hostileRequests({ ...this.ground, planted });
  }

  /** Sends a request; throws where the answer is not what any request may expect. */
  async withstands({ route, request, keepsToRoute }: HostileRequest): Promise<void> {
    const answer = await this.client.send(request);
    // What is no path of ours is Nest's to handle, and to log.
    const logged = this.logged.splice(0).filter((line) => keepsToRoute || !line.endsWith('ExceptionsHandler'));
    const objection = logged.length > 0 ? 'logged an error' : objectionTo(route.path, answer, keepsToRoute);
    if (objection === undefined) return;
    const { status, headers, text } = answer;
    throw new Error(`${objection}: ${JSON.stringify({ status, headers, text: text.slice(0, 2_000), logged })}`);
  }

  /** Publishes; throws where the receiver gets anything but what JSON makes of the payload. */
  async delivers(payload: unknown): Promise<void> {
    this.host.receiver.clear();
    const expected = jsonOf(payload);
    try {
      await this.host.webhooks.publish(OrderCreated, payload as object, { tenant: 'acme' });
    } catch (error) {
      if (expected === undefined && (error as { code?: string }).code === 'WEBHOOKS_PAYLOAD_NOT_JSON') return;
      throw error;
    }
    await this.host.webhooks.idle();
    const bodies = this.host.receiver.byPath('/published').map(({ body }) => JSON.parse(body) as { data: unknown });
    if (bodies.length > 0 && bodies.every(({ data }) => isDeepStrictEqual(data, JSON.parse(expected!)))) return;
    throw new Error(`Expected ${expected}, got ${JSON.stringify(bodies)}.`);
  }

  /** Throws unless a subscription can still be made and gets what is published. */
  async stillWorks(): Promise<void> {
    await this.subscribeReceiver();
    await this.delivers({ still: 'here' });
    const { data } = await this.host.app.get(DeliveriesRepository).list({ limit: 1 });
    if (data[0]?.state !== 'delivered') throw new Error(`Expected a delivery, got ${JSON.stringify(data)}.`);
  }

  /** Subscribes for both contracts that pass a payload on inside an envelope of JSON. */
  async subscribeReceiver(): Promise<void> {
    await this.removeSubscriptions();
    this.host.receiver.answers(200);
    const url = this.host.receiver.url('/published');
    for (const contract of ['standard', 'packcloud']) {
      await this.host.subscriptions.create({ contract, tenant: 'acme', url, topics: ['order.created'] });
    }
  }

  /** Those that came of requests may point anywhere, and nothing is to go there. */
  private async removeSubscriptions(): Promise<void> {
    for (;;) {
      const { data } = await this.host.subscriptions.list({ limit: 250 });
      if (data.length === 0) return;
      for (const { id } of data) await this.host.subscriptions.remove(id);
    }
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.host.stop();
  }
}

function objectionTo(path: string, { status, headers, text }: RawAnswer, keepsToRoute: boolean): string | undefined {
  if (status >= 500) return 'failed';
  const type = headers['content-type'];
  // Node itself answers what it takes for no HTTP, before any application is asked.
  const byNode = type === undefined && [400, 417, 431].includes(status);
  if (!keepsToRoute || status < 400 || byNode) return undefined;
  return isErrorOf(contractAt(path), { text, type }) ? undefined : 'answered in words that are not the contract’s';
}

function jsonOf(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload);
  } catch {
    return undefined;
  }
}
