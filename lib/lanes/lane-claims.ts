import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { LaneWorker } from './lane-worker';
import { LanesRepository } from './lanes.repository';
import { Lease } from './lease';
import { OwnedLanes } from './owned-lanes';

const LANES_AT_ONCE = 1_000;
const IDLE_MS = 60_000;

/** Keeps what the worker works in step with what the table says that this node owns. */
@Injectable()
export class LaneClaims {
  /** Counts the times that all lanes were lost, so that an answer from before is known to be stale. */
  private losses = 0;
  /** Whether an answer got lost or came too late, so that only the table knows what this node owns. */
  private unsure = false;
  /** Lanes that may hold something which their owners, whoever they are, have not been told of. */
  private readonly untold = new Set<string>();
  private idleCheckAt = 0;

  constructor(
    private readonly repository: LanesRepository,
    private readonly lease: Lease,
    private readonly lanes: OwnedLanes,
    private readonly worker: LaneWorker,
    private readonly known: KnownSubscriptions,
    private readonly clock: Clock,
  ) {}

  /** Takes those of these lanes that are free. */
  async claim(subscriptionIds: readonly string[]): Promise<void> {
    for (const ids of chunks(subscriptionIds)) await this.own(() => this.repository.claim(this.lease.nodeId, ids));
  }

  /** Takes what free lanes are calling, and answers the calls of its own. */
  async take(): Promise<void> {
    let taken: number;
    do {
      taken = await this.own(() => this.repository.claimCalling(this.lease.nodeId, LANES_AT_ONCE));
    } while (taken === LANES_AT_ONCE);
    await this.answerCalls();
  }

  /** Makes sure of what this node owns, where that is in doubt, and of what others have to be told. */
  async settleDoubts(): Promise<void> {
    await this.tellOwners([]);
    if (!this.unsure) return;
    this.unsure = false;
    const ids = await this.unlessLost(() => this.repository.lanesOf(this.lease.nodeId));
    if (!ids) return;
    const dropped = this.worker.disownAllBut(new Set(ids));
    this.worker.own(ids);
    await this.tellOwners(dropped);
  }

  /** Others may own these lanes by now: lets go of all, and tells whoever owns them that something may be left. */
  async loseAll(): Promise<void> {
    this.losses += 1;
    await this.tellOwners(this.worker.disownAllBut());
  }

  /**
   * Has the owners of these lanes look at them. Where that fails, they are told when doubts are settled: nobody else
   * knows that there is something to tell.
   */
  async tellOwners(subscriptionIds: readonly string[]): Promise<void> {
    subscriptionIds.forEach((id) => this.untold.add(id));
    for (const ids of chunks([...this.untold])) {
      await this.repository.call(ids);
      ids.forEach((id) => this.untold.delete(id));
    }
  }

  /** So that what a node remembers follows what it has to do, not what it ever did. */
  async giveBackIdle(): Promise<void> {
    const now = this.clock.monotonic();
    if (now < this.idleCheckAt) return;
    this.idleCheckAt = now + IDLE_MS / 4;
    for (const ids of chunks(this.lanes.dropIdle(now - IDLE_MS))) {
      await this.surely(() => this.repository.giveBack(this.lease.nodeId, ids));
    }
  }

  private async answerCalls(): Promise<void> {
    const calls = await this.unlessLost(() => this.repository.answerCalls(this.lease.nodeId, LANES_AT_ONCE));
    if (!calls) return;
    const changed = calls.filter((call) => call.changed).map(({ id }) => id);
    // What is remembered of these subscriptions may be older than the call.
    if (changed.length > 0) this.known.forget();
    // First, so that nothing starts that they are to forget.
    this.worker.callAnew(changed);
    this.worker.own(calls.map(({ id }) => id));
  }

  private async own(claim: () => Promise<string[]>): Promise<number> {
    const ids = (await this.unlessLost(claim)) ?? [];
    // While others had a lane, they alone were told of changes to its subscription.
    if (ids.some((id) => !this.lanes.get(id))) this.known.forget();
    if (ids.length > 0) this.worker.own(ids);
    return ids.length;
  }

  /** What the table said of this node's lanes; nothing where all were lost meanwhile, so that it says so no more. */
  private async unlessLost<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    const lossesBefore = this.losses;
    const result = await this.surely(ask);
    if (this.losses === lossesBefore) return result;
    this.unsure = true;
    return undefined;
  }

  private async surely<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      this.unsure = true;
      throw error;
    }
  }
}

function chunks(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / LANES_AT_ONCE);
  return Array.from({ length: count }, (_, index) => ids.slice(index * LANES_AT_ONCE, (index + 1) * LANES_AT_ONCE));
}
