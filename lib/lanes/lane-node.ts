import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock, type Timer } from '../shared/clock';
import { Alarm } from './alarm';
import { LaneClaims } from './lane-claims';
import { LaneWorker } from './lane-worker';
import { LanesRepository, type Heartbeat } from './lanes.repository';
import { Lease } from './lease';

export abstract class LaneNodeOptions {
  /** How long a node that no longer answers keeps its lanes. */
  abstract readonly leaseMs: number;
  /** How often lanes are looked for while other nodes are alive. */
  abstract readonly pollMs: number;
}

const SOONEST_MS = 50;
/** Work that is overdue although it was just looked at has failed: it is not tried again and again at once. */
const OVERDUE_MS = 1_000;

type HeartbeatListener = (heartbeat: Heartbeat) => Promise<void>;

/** This process among the others: its heart beats, and with each beat it does what it has seen. */
@Injectable()
export class LaneNode {
  /** The regular heartbeat, while the node runs. */
  heartbeat: Timer | undefined;
  private readonly listeners: HeartbeatListener[] = [];
  /** Heartbeats between the regular ones, when there will be something to see. */
  private readonly alarm: Alarm;
  private renewing: Promise<Heartbeat | undefined> | undefined;
  private acting: Promise<void> | undefined;
  private running = false;

  constructor(
    private readonly repository: LanesRepository,
    private readonly lease: Lease,
    private readonly claims: LaneClaims,
    private readonly worker: LaneWorker,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly options: LaneNodeOptions,
  ) {
    worker.mayWork = () => this.lease.held;
    this.alarm = new Alarm(clock, () => void this.beat());
  }

  get id(): string {
    return this.lease.nodeId;
  }

  /** Calls `listener` with every heartbeat. */
  onHeartbeat(listener: HeartbeatListener): void {
    this.listeners.push(listener);
  }

  async start(): Promise<void> {
    this.running = true;
    await this.lease.begin();
    await this.repository.evictExpired();
    this.heartbeat = this.clock.every(this.options.leaseMs / 4, () => void this.beat());
    await this.beat();
  }

  /** Takes no more lanes and starts no more attempts; what is in flight goes on. */
  stop(): void {
    this.running = false;
    this.heartbeat?.cancel();
    this.alarm.cancel();
    this.worker.stop();
  }

  /** Gives all lanes back. To be called when nothing is in flight any more. */
  async release(): Promise<void> {
    if (this.heartbeat === undefined) return;
    this.heartbeat = undefined;
    this.worker.disownAllBut();
    await this.lease.end();
  }

  /** Takes those of these lanes that are free, without waiting for the next heartbeat, which takes what fails here. */
  async claim(subscriptionIds: readonly string[]): Promise<void> {
    if (!this.running || !this.lease.held) return;
    await this.attempt('claiming lanes', () => this.claims.claim(subscriptionIds));
  }

  /** Tells the owners of these lanes, whoever they are, that the table holds something for them: now, or at a later beat. */
  call(subscriptionIds: readonly string[]): Promise<void> {
    return this.attempt('calling owners', () => this.claims.tellOwners(subscriptionIds));
  }

  /** Renews the lease, however long what was seen before is taking, and does what there is to do. */
  beat(): Promise<void> {
    return this.activity.track(async () => {
      this.renewing ??= this.renew().finally(() => (this.renewing = undefined));
      const heartbeat = await this.renewing;
      if (!heartbeat) return;
      this.acting ??= this.act(heartbeat).finally(() => (this.acting = undefined));
      await this.acting;
    });
  }

  private async renew(): Promise<Heartbeat | undefined> {
    if (!this.running) return undefined;
    let heartbeat: Heartbeat | undefined;
    await this.attempt('renewing the lease', async () => {
      heartbeat = await this.lease.renew();
      if (!heartbeat.renewed) await this.startOver();
    });
    return heartbeat;
  }

  private async startOver(): Promise<void> {
    await this.claims.loseAll();
    await this.lease.end();
    await this.lease.begin();
  }

  private async act(heartbeat: Heartbeat): Promise<void> {
    for (const listener of this.listeners) await this.attempt('following a heartbeat', () => listener(heartbeat));
    if (heartbeat.expiredNodes) await this.attempt('evicting nodes', () => this.repository.evictExpired());
    await this.attempt('making sure of lanes', () => this.claims.settleDoubts());
    const seen = heartbeat.lanesCalling || heartbeat.expiredNodes || !heartbeat.renewed;
    if (seen && this.running) await this.attempt('taking lanes', () => this.claims.take());
    await this.attempt('giving lanes back', () => this.claims.giveBackIdle());
    this.worker.resume();
    this.planNext(heartbeat);
  }

  /** What fails here is done at a later beat, and keeps nothing else from being done. */
  private async attempt(doing: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing, error });
    }
  }

  private planNext({ peers, nextExpiryMs, nextSweepAt }: Heartbeat): void {
    if (!this.running) return;
    const now = this.clock.monotonic();
    if (peers > 0) this.alarm.setAt(now + this.options.pollMs);
    if (nextExpiryMs !== null) this.alarm.setAt(now + nextExpiryMs + SOONEST_MS);
    if (nextSweepAt === null) return;
    const sweepInMs = nextSweepAt - this.clock.now();
    this.alarm.setAt(now + (sweepInMs > 0 ? sweepInMs : OVERDUE_MS));
  }
}
