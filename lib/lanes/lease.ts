import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import { LanesRepository, type Heartbeat } from './lanes.repository';

export abstract class LeaseOptions {
  /** How long a node that no longer answers keeps its lanes. */
  abstract readonly leaseMs: number;
}

/** By its own reckoning a node stops a little before others may take its lanes. */
const SAFE_SHARE = 0.8;

/** This process's right to own lanes, for as long as it keeps renewing it. */
@Injectable()
export class Lease {
  readonly nodeId: string;
  private renewedAt = -Infinity;

  constructor(
    private readonly repository: LanesRepository,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly options: LeaseOptions,
  ) {
    this.nodeId = identifier('node', clock.now());
  }

  /** Whether it runs, by this node's own monotonic clock. */
  get held(): boolean {
    return this.clock.monotonic() - this.renewedAt < this.options.leaseMs * SAFE_SHARE;
  }

  async begin(): Promise<void> {
    const askedAt = this.clock.monotonic();
    await this.repository.register(this.nodeId, this.options.leaseMs);
    this.renewedAt = askedAt;
  }

  /** Renews it and looks around; `renewed` is false where it had run out, and this node has none until it begins anew. */
  async renew(): Promise<Heartbeat> {
    const askedAt = this.clock.monotonic();
    const heartbeat = await this.repository.beat(this.nodeId, this.options.leaseMs);
    if (heartbeat.renewed) this.renewedAt = askedAt;
    else this.lose();
    return heartbeat;
  }

  /** Gives it back, with all lanes. */
  async end(): Promise<void> {
    this.renewedAt = -Infinity;
    await this.repository.release(this.nodeId);
  }

  private lose(): void {
    this.renewedAt = -Infinity;
    this.lifecycle.emit({ type: 'lease.lost', nodeId: this.nodeId });
  }
}
