import type { DueDelivery } from '../deliveries/delivery';

/** Due deliveries of one lane in memory, in the order they are due. */
export class DueBuffer {
  private deliveries: DueDelivery[] = [];
  private next = 0;

  get size(): number {
    return this.deliveries.length - this.next;
  }

  /** The one that is longest due. */
  get first(): DueDelivery | undefined {
    return this.deliveries[this.next];
  }

  push(delivery: DueDelivery): void {
    this.deliveries.push(delivery);
  }

  /** Takes the first out; there has to be one. */
  shift(): DueDelivery {
    const delivery = this.deliveries[this.next++]!;
    if (this.size === 0) this.fill([]);
    return delivery;
  }

  /** Takes out the first, and of those after it that have failed as often as many as make `most`; there has to be one. */
  shiftAlike(most: number): DueDelivery[] {
    const { attemptCount } = this.first!;
    const taken: DueDelivery[] = [];
    const left: DueDelivery[] = [];
    for (const delivery of this.deliveries.slice(this.next)) {
      const isTaken = taken.length < most && delivery.attemptCount === attemptCount;
      (isTaken ? taken : left).push(delivery);
    }
    this.fill(left);
    return taken;
  }

  /** Lets go of some. */
  drop(isDropped: (delivery: DueDelivery) => boolean): void {
    this.fill(this.deliveries.slice(this.next).filter((delivery) => !isDropped(delivery)));
  }

  /** Has these in the place of what it had. */
  fill(deliveries: DueDelivery[]): void {
    this.deliveries = deliveries;
    this.next = 0;
  }
}
