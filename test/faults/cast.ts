import type { HostProcess } from '../processes/host';
import type { HostSettings } from '../processes/host.module';
import type { Publication, TrafficEvent } from '../processes/traffic';
import type { Nursery, Sayings } from './nursery';

/** How many requests one subscription may have under way at once. */
export const LANE_CAP = 16;
const EVENTS_PER_SECOND = 60;
/** More than a lane holds in memory, so that there is something to read back. */
const FIRST_BURST = 300;
const BURST = 40;

/** Retries follow soon, so that a run ends soon; and so many that none fails for good. */
const IMPATIENT: HostSettings['webhooks'] = {
  attemptTimeoutMs: 3_000,
  laneCap: LANE_CAP,
  retry: { schedule: Array.from({ length: 60 }, () => '150ms' as const) },
};

/** How a host comes on the stage. */
export interface Entrance extends Partial<HostSettings> {
  /** How far its clock is ahead of the others'. @default 0 */
  readonly clockAheadMs?: number;
  /** Whether it runs its transactions without TypeORM. @default false */
  readonly plainTransactions?: boolean;
  /** How many events it publishes at once in the beginning. @default 300 for the first host, 40 for the others */
  readonly burst?: number;
}

/** A host on the stage, by the name that it sends under. */
export interface Player {
  readonly name: string;
  readonly process: HostProcess;
}

/** The hosts that come and go, and what they have said of their publications. */
export class Cast {
  readonly players: Player[] = [];
  private readonly sayings: Sayings[] = [];

  constructor(
    private readonly nursery: Nursery,
    private readonly databaseUrl: string,
  ) {}

  /** Puts one more host on the stage, and opens it. */
  async enter({ clockAheadMs = 0, databaseUrl = this.databaseUrl, transport, webhooks }: Entrance): Promise<Player> {
    const { process, sayings } = await this.nursery.take();
    const player = { name: `host-${this.sayings.push(sayings)}`, process };
    this.players.push(player);
    if (clockAheadMs !== 0) await process.call('setClock', clockAheadMs);
    const { name } = player;
    await process.call('open', { databaseUrl, name, transport, webhooks: { ...IMPATIENT, ...webhooks } });
    return player;
  }

  /** Has a host publish from now on. */
  async publish(player: Player, { plainTransactions = false, burst }: Entrance): Promise<void> {
    await player.process.call('beginTraffic', { perSecond: EVENTS_PER_SECOND, plainTransactions });
    await player.process.call('burst', burst ?? (this.isFirst(player) ? FIRST_BURST : BURST));
  }

  isFirst({ name }: Player): boolean {
    return name === 'host-1';
  }

  leave(player: Player): void {
    this.players.splice(this.players.indexOf(player), 1);
  }

  async rest(): Promise<void> {
    await Promise.all(this.players.map(({ process }) => process.call('endTraffic')));
  }

  async end(): Promise<void> {
    await Promise.all(this.players.splice(0).map(({ process }) => process.end()));
  }

  get said(): Publication[] {
    return this.sayings.flatMap(({ publications }) => publications);
  }

  /** Who has lost its lease, and when that came out. */
  get leaseLosses(): { readonly name: string; readonly at: number }[] {
    return this.sayings.flatMap(({ leaseLosses }, index) =>
      leaseLosses.map((at) => ({ name: `host-${index + 1}`, at })),
    );
  }

  get accepted(): TrafficEvent[] {
    return this.said.flatMap((each) => (each.kind === 'accepted' ? [each.event] : []));
  }

  /** How many publications failed, so that nobody was told that they were accepted. */
  get rejections(): number {
    return this.said.filter(({ kind }) => kind === 'rejected').length;
  }
}
