import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, type StoredDeliveries } from '../deliveries/deliveries.repository';
import type { Delivery } from '../deliveries/delivery';
import { Lifecycle, published } from '../deliveries/lifecycle';
import { owed } from '../deliveries/owed';
import type { NewEvent } from '../events/events.repository';
import { RecentEvents } from '../events/recent-events';
import { Clock } from '../shared/clock';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { Handover } from './handover';
import { Orders } from './orders';
import { Routing } from './routing';

/** What owes more deliveries than this is fanned out after it is stored, so that publishing need not wait for them. */
const MOST_DELIVERIES = 1_000;

const NOTHING: StoredDeliveries = { ids: new Set(), calledAll: true };

/** What one statement stores. */
interface Part {
  readonly events: NewEvent[];
  readonly deliveries: Delivery[];
}

/** Stores events together with all that they owe, where that fits one statement. */
@Injectable()
export class Publication {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly recentEvents: RecentEvents,
    private readonly routing: Routing,
    private readonly known: KnownSubscriptions,
    private readonly handover: Handover,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers the events that it left: those that owe too much, those that met a change of subscriptions, and those that come
   * after them in order.
   */
  async store(events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
    const revision = await this.routing.assumedRevision();
    this.known.expectRevision(revision);
    const left: NewEvent[] = [];
    const behind = new Orders();
    for (const part of await this.partsOf(events)) {
      const mayBeStored = part.deliveries.length <= MOST_DELIVERIES && !part.events.some((event) => behind.has(event));
      if (mayBeStored && (await this.storePart(part, revision))) continue;
      left.push(...part.events);
      part.events.forEach((event) => behind.add(event));
    }
    return left;
  }

  /** Neighbours share a part as long as it fits one statement. */
  private async partsOf(events: readonly NewEvent[]): Promise<Part[]> {
    const parts: Part[] = [];
    const now = this.clock.now();
    for (const event of events) {
      const deliveries = (await this.routing.routesFor(event)).map((route) => owed(event, route, now));
      const last = parts.at(-1);
      if (!last || last.deliveries.length + deliveries.length > MOST_DELIVERIES) {
        parts.push({ events: [event], deliveries });
      } else {
        last.events.push(event);
        last.deliveries.push(...deliveries);
      }
    }
    return parts;
  }

  private async storePart({ events, deliveries }: Part, revision: number): Promise<boolean> {
    let stored: StoredDeliveries | undefined;
    await this.handover.run(deliveries, async (lanesToWake) => {
      stored = await this.deliveries.publish({ events, deliveries, lanesToWake, revision });
      if (stored) events.forEach((event) => this.recentEvents.remember(event));
      return stored ?? NOTHING;
    });
    if (stored) events.forEach((event) => this.lifecycle.emit(published(event)));
    else this.known.expectRevision(await this.routing.refresh());
    return stored !== undefined;
  }
}
