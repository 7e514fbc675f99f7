import { Injectable } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import type { Delivery } from '../deliveries/delivery';
import { Lifecycle, published } from '../deliveries/lifecycle';
import { owed } from '../deliveries/owed';
import type { WebhookEvent } from '../events/event';
import { EventsRepository } from '../events/events.repository';
import { RecentEvents } from '../events/recent-events';
import { LaneNode } from '../lanes/lane-node';
import type { Heartbeat } from '../lanes/lanes.repository';
import { Activity } from '../shared/activity';
import { Batcher } from '../shared/batcher';
import { Clock } from '../shared/clock';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { Handover } from './handover';
import { Routing } from './routing';

const EVENTS_PER_BATCH = 200;
const DELIVERIES_PER_STATEMENT = 5_000;
const EVENTS_PER_SWEEP = 500;
const MOST_UNDER_WAY = 5_000;
const POSTPONEMENT_MS = 10_000;

export abstract class FanOutOptions {
  /** How old an event is when any process may take it from a publisher that has not fanned it out. */
  abstract readonly sweepAfterMs: number;
}

/** What one statement stores. */
interface Run {
  readonly deliveries: Delivery[];
  /** The events that have no more deliveries than these. */
  readonly eventIds: string[];
}

/** Turns events into one delivery for each subscription that wants them, many events in one go. */
@Injectable()
export class FanOut {
  private readonly batches = new Batcher<WebhookEvent, void>((events) => this.spread(events), {
    most: EVENTS_PER_BATCH,
  });
  /** Fan-outs under way, so that a sweep does not take the same events again. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly events: EventsRepository,
    private readonly recentEvents: RecentEvents,
    private readonly deliveries: DeliveriesRepository,
    private readonly routing: Routing,
    private readonly known: KnownSubscriptions,
    private readonly handover: Handover,
    private readonly node: LaneNode,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly options: FanOutOptions,
  ) {
    node.onHeartbeat((heartbeat) => this.sweep(heartbeat));
  }

  /** Fans events out that are known to be committed; resolves when that is over. What fails here is swept up later. */
  accept(events: readonly WebhookEvent[]): Promise<unknown> {
    // What is more than memory should hold waits in the table, for the sweep.
    const fresh = events.filter(({ id }) => !this.underWay.has(id)).slice(0, MOST_UNDER_WAY - this.underWay.size);
    fresh.forEach(({ id }) => this.underWay.add(id));
    return Promise.all(fresh.map((event) => this.activity.track(() => this.fanOut(event))));
  }

  /** Fans out those of these events that are committed; answers which were found. */
  async acceptCommitted(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let first = 0; first < ids.length; first += EVENTS_PER_BATCH) {
      const events = await this.events.notFannedOut(ids.slice(first, first + EVENTS_PER_BATCH));
      void this.accept(events);
      events.forEach(({ id }) => found.add(id));
    }
    return found;
  }

  private async fanOut(event: WebhookEvent): Promise<void> {
    try {
      this.recentEvents.remember(event);
      await this.batches.add(event);
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `fanning out ${event.id}`, error });
      await this.events.postpone([event.id], this.clock.now() + POSTPONEMENT_MS).catch(() => undefined);
    } finally {
      this.underWay.delete(event.id);
    }
  }

  /** Takes the events that nobody fanned out: their publisher died, or its fan-out failed. */
  private async sweep({ nextSweepAt, lastSweepAt, revision }: Heartbeat): Promise<void> {
    this.known.expectRevision(revision);
    const now = this.clock.now();
    // Nobody puts it off for longer, unless by a clock that is ahead of this one or has been set back since.
    const incredibleAt = now + Math.max(this.options.sweepAfterMs, POSTPONEMENT_MS);
    if (nextSweepAt === null || lastSweepAt === null || (nextSweepAt > now && lastSweepAt <= incredibleAt)) return;
    const overdue = await this.events.overdue(now, incredibleAt, EVENTS_PER_SWEEP);
    const fannedOut = this.accept(overdue);
    if (overdue.length === EVENTS_PER_SWEEP) void fannedOut.then(() => this.node.beat());
  }

  private async spread(events: WebhookEvent[]): Promise<void[]> {
    this.known.expectRevision(await this.routing.refresh());
    let run: Run = { deliveries: [], eventIds: [] };
    for (const event of events) {
      for (const route of await this.routing.routesFor(event)) {
        if (run.deliveries.push(owed(event, route, this.clock.now())) < DELIVERIES_PER_STATEMENT) continue;
        await this.store(run);
        run = { deliveries: [], eventIds: [] };
      }
      // Done only with its last delivery, so that a crash in between leaves the event to the sweep.
      run.eventIds.push(event.id);
    }
    await this.store(run);
    events.forEach((event) => this.lifecycle.emit(published(event)));
    return events.map(() => undefined);
  }

  private store({ deliveries, eventIds }: Run): Promise<void> {
    return this.handover.run(deliveries, (lanesToWake) =>
      this.deliveries.fanOut({ eventIds, deliveries, lanesToWake }),
    );
  }
}
