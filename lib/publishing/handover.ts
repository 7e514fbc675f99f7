import { Injectable } from '@nestjs/common';
import type { StoredDeliveries } from '../deliveries/deliveries.repository';
import type { Delivery, DueDelivery } from '../deliveries/delivery';
import { LaneNode } from '../lanes/lane-node';
import { LaneWorker } from '../lanes/lane-worker';
import { OwnedLanes } from '../lanes/owned-lanes';
import { Activity } from '../shared/activity';

/** Writes deliveries, calling the lanes to wake. */
export type StoreDeliveries = (lanesToWake: readonly string[]) => Promise<StoredDeliveries>;

/** Hands deliveries to their lanes once they are stored: straight to memory where this node owns the lane. */
@Injectable()
export class Handover {
  constructor(
    private readonly lanes: OwnedLanes,
    private readonly worker: LaneWorker,
    private readonly node: LaneNode,
    private readonly activity: Activity,
  ) {}

  /** Rejects when `store` does. */
  async run(deliveries: readonly Delivery[], store: StoreDeliveries): Promise<void> {
    const { owned, foreign } = this.lanes.pin(new Set(deliveries.map(({ subscriptionId }) => subscriptionId)));
    try {
      const { ids, calledAll } = await store(foreign);
      const lost = this.offer(deliveries, ids, foreign);
      const uncalled = calledAll ? lost : [...foreign, ...lost];
      // What is stored is stored: nobody waits for this, and nothing fails over it.
      void this.activity.track(() => this.wakeOwners([...foreign, ...lost], uncalled));
    } catch (error) {
      // It may have been stored all the same, with the answer lost; and the lanes may have been lost besides.
      this.worker.call(owned.map(({ subscriptionId }) => subscriptionId));
      const lost = owned.filter((lane) => lane.lost).map(({ subscriptionId }) => subscriptionId);
      await this.node.call([...foreign, ...lost]);
      throw error;
    } finally {
      this.lanes.unpin(owned);
    }
  }

  /** Answers the lanes that were lost while their deliveries were being stored. */
  private offer(deliveries: readonly Delivery[], stored: ReadonlySet<string>, foreign: readonly string[]): string[] {
    const isForeign = new Set(foreign);
    const ours = deliveries.filter(({ subscriptionId }) => !isForeign.has(subscriptionId));
    const lost = this.worker.offer(ours.filter(({ id }) => stored.has(id)).map(dueDelivery));
    // Somebody had stored these before, this process perhaps, and may not have lived to say so.
    this.worker.call(new Set(ours.filter(({ id }) => !stored.has(id)).map(({ subscriptionId }) => subscriptionId)));
    return lost;
  }

  private async wakeOwners(lanes: readonly string[], uncalled: readonly string[]): Promise<void> {
    // Those who own these may have looked before it was stored, or are new and were never called.
    if (uncalled.length > 0) await this.node.call(uncalled);
    if (lanes.length > 0) await this.node.claim(lanes);
  }
}

function dueDelivery({ id, eventId, subscriptionId, attemptCount, createdAt, sequence }: Delivery): DueDelivery {
  return { id, eventId, subscriptionId, attemptCount, dueAt: createdAt, sequence };
}
