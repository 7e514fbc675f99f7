import type { DatabaseKind } from '../test/support/databases/engine';
import type { Flooded } from './flood';
import type { HostSettings } from './host.process';
import type { BareCommands, BareSettings } from './peers/bare.process';
import type { QueueCommands, QueueSettings } from './peers/queue.process';
import type { Receiver, Stage } from './stage';

/** How many requests the peers have in flight; more made them no faster. A host has its own default of 256 slots. */
const IN_FLIGHT = 64;
/** How many events may wait behind those. */
const AHEAD = 1_000;
const ENDPOINTS = 8;

/** Delivers as fast as it can for a while. */
export type Contestant = () => Promise<Flooded>;

/** Whoever competes at full load, warmed up; all send the same body to the same receiver. */
export class FullLoad {
  private constructor(
    private readonly stage: Stage,
    private readonly urls: readonly string[],
  ) {}

  static async on(stage: Stage, receiver: Receiver): Promise<FullLoad> {
    const [origin] = await receiver.call('origins');
    return new FullLoad(
      stage,
      Array.from({ length: ENDPOINTS }, (_, index) => `${origin}/${index}`),
    );
  }

  /** Ours: one host process that publishes and delivers. */
  async host(transport: HostSettings['transport'], kind: DatabaseKind, events: number): Promise<Contestant> {
    const { url: databaseUrl } = await this.stage.database(kind);
    const host = await this.stage.host({ databaseUrl, transport });
    const tenants = this.urls.map((_, index) => `tenant-${index}`);
    await host.call(
      'subscribe',
      this.urls.map((url, index) => ({ tenant: tenants[index]!, url })),
    );
    await host.call('flood', { events: 2_000, ahead: AHEAD }, tenants);
    return () => host.call('flood', { events, ahead: AHEAD }, tenants);
  }

  /** What teams write today: BullMQ + axios + one attempt row per delivery in Postgres. */
  async queue(events: number): Promise<Contestant> {
    const { url: databaseUrl } = await this.stage.database();
    const settings: QueueSettings = { databaseUrl, urls: this.urls, concurrency: IN_FLIGHT };
    const peer = await this.stage.process<QueueCommands>('peers/queue.process.ts', settings);
    await peer.call('flood', { events: 1_000, ahead: AHEAD });
    return () => peer.call('flood', { events, ahead: AHEAD });
  }

  /** Nothing but signed requests. */
  async bare(sending: BareSettings['sending'], events: number): Promise<Contestant> {
    const settings: BareSettings = { sending, urls: this.urls };
    const peer = await this.stage.process<BareCommands>('peers/bare.process.ts', settings);
    await peer.call('flood', { events: 2_000, ahead: IN_FLIGHT });
    return () => peer.call('flood', { events, ahead: IN_FLIGHT });
  }
}
