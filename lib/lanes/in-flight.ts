import type { DueDelivery } from '../deliveries/delivery';

/** How many deliveries may be in flight in one lane, however many a request carries: a refill reads them all again. */
const MOST_DELIVERIES = 2_000;

/** The deliveries of one lane that requests are carrying. */
export class InFlight {
  private readonly ids = new Set<string>();
  private requests = 0;

  /** How many deliveries. */
  get size(): number {
    return this.ids.size;
  }

  /** Whether another request may join, where so many may be under way. */
  hasRoom(window: number): boolean {
    return this.requests < window && this.size < MOST_DELIVERIES;
  }

  has(deliveryId: string): boolean {
    return this.ids.has(deliveryId);
  }

  /** One more request carries these. */
  add(deliveries: readonly DueDelivery[]): void {
    for (const { id } of deliveries) this.ids.add(id);
    this.requests += 1;
  }

  /** A request that carried these has ended. */
  remove(deliveries: readonly DueDelivery[]): void {
    for (const { id } of deliveries) this.ids.delete(id);
    this.requests -= 1;
  }

  /** Those of this moment. */
  snapshot(): ReadonlySet<string> {
    return new Set(this.ids);
  }
}
