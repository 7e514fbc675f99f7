import { Injectable } from '@nestjs/common';
import { Lane } from './lane';

/** The lanes that this node owns. */
@Injectable()
export class OwnedLanes {
  private lanes = new Map<string, Lane>();

  get count(): number {
    return this.lanes.size;
  }

  get(subscriptionId: string): Lane | undefined {
    return this.lanes.get(subscriptionId);
  }

  /** A lane that was not among them, with whatever the table holds for it. */
  add(subscriptionId: string): Lane | undefined {
    if (this.lanes.has(subscriptionId)) return undefined;
    const lane = new Lane(subscriptionId, true);
    this.lanes.set(subscriptionId, lane);
    return lane;
  }

  /**
   * Keeps lanes from being given back while deliveries for them are being stored; answers which it could, and which are
   * foreign: not this node's, so that somebody has to be called.
   */
  pin(subscriptionIds: Iterable<string>): { owned: Lane[]; foreign: string[] } {
    const pinned = { owned: [] as Lane[], foreign: [] as string[] };
    for (const id of subscriptionIds) {
      const lane = this.lanes.get(id);
      if (lane) pinned.owned.push(lane);
      else pinned.foreign.push(id);
    }
    pinned.owned.forEach((lane) => lane.pin());
    return pinned;
  }

  unpin(lanes: readonly Lane[]): void {
    lanes.forEach((lane) => lane.unpin());
  }

  /** Gives up the lanes that had nothing to do since `since`; answers their names. */
  dropIdle(since: number): string[] {
    const idle = [...this.lanes.values()].filter((lane) => !lane.pinned && lane.idleSince <= since);
    return idle.map((lane) => this.drop(lane));
  }

  /** Gives up all lanes but these; answers the names of those given up. */
  dropAllBut(kept: ReadonlySet<string>): string[] {
    const others = [...this.lanes.values()].filter(({ subscriptionId }) => !kept.has(subscriptionId));
    return others.map((lane) => this.drop(lane));
  }

  /** How many deliveries they hold in memory together. */
  buffered(): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + lane.buffered, 0);
  }

  private drop(lane: Lane): string {
    lane.lost = true;
    this.lanes.delete(lane.subscriptionId);
    return lane.subscriptionId;
  }
}
