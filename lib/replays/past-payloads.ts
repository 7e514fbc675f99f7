import { Injectable } from '@nestjs/common';
import { hasPayload } from '../events/event';
import { EventsRepository, type EventSummary } from '../events/events.repository';
import { FilteredPayload } from '../subscriptions/filtered-payload';
import { filterOf } from '../subscriptions/filter-rule';
import type { Subscription } from '../subscriptions/subscription';
import { TopicCatalogue } from '../topics/catalogue';

/** Payloads may be long, and all that are read together are in memory together. */
const READ_TOGETHER = 50;

/** Looks into the payloads of past events, for subscriptions that do not want all of them. */
@Injectable()
export class PastPayloads {
  constructor(
    private readonly events: EventsRepository,
    private readonly catalogue: TopicCatalogue,
  ) {}

  /** The ids of the events whose payload a subscription does not want. What is gone is not known to be unwanted. */
  async declined(subscription: Subscription, events: readonly EventSummary[]): Promise<ReadonlySet<string>> {
    const declined = new Set<string>();
    const filter = filterOf(subscription.preferences);
    for (let first = 0; filter && first < events.length; first += READ_TOGETHER) {
      const ids = events.slice(first, first + READ_TOGETHER).map(({ id }) => id);
      for (const event of await this.events.byIds(ids)) {
        const payload = new FilteredPayload(event, this.catalogue);
        if (hasPayload(event) && !payload.passes(filter, subscription)) declined.add(event.id);
      }
    }
    return declined;
  }
}
