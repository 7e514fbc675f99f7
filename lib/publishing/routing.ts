import { Injectable } from '@nestjs/common';
import type { WebhookEvent } from '../events/event';
import type { PayloadFilter } from '../filters/payload-filter';
import { Clock } from '../shared/clock';
import { TopicCatalogue } from '../topics/catalogue';
import { FilteredPayload } from '../subscriptions/filtered-payload';
import { filterOf } from '../subscriptions/filter-rule';
import type { Preferences } from '../subscriptions/preferences';
import { SubscriptionsRepository, type Route } from '../subscriptions/subscriptions.repository';

const MOST_ROUTES_REMEMBERED = 200_000;
/** How much of a filter takes as much memory as a route. */
const CHARACTERS_PER_ROUTE = 64;
/** How long filters may be asked in one go: leases are renewed in this thread, and requests answered. */
const LONGEST_TURN_MS = 10;

/** The routes of one topic of one tenant. */
interface KnownRoutes {
  readonly all: readonly Route[];
  /** What those want of a payload that do not want every one; undefined where all do. */
  readonly filters: ReadonlyMap<Route, PayloadFilter> | undefined;
}

/** By subscription; undefined where one cannot be understood any more. */
type KnownFilters = Map<string, PayloadFilter | undefined>;

/** Which subscriptions want an event: asked of the table once for each topic of a tenant, until a subscription changes. */
@Injectable()
export class Routing {
  private routes = new Map<string, Promise<KnownRoutes>>();
  /** By subscription, because one that wants many topics is in the routes of each. */
  private filters: KnownFilters = new Map();
  private revision: number | undefined;
  private remembered = 0;

  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly catalogue: TopicCatalogue,
    private readonly clock: Clock,
  ) {}

  /** Forgets what may have changed since it was read, in whatever process. */
  async refresh(): Promise<number> {
    const revision = await this.subscriptions.revision();
    if (revision !== this.revision) this.forget();
    this.revision = revision;
    return revision;
  }

  /** The revision that routes are read at; some later statement has to find out whether it still is. */
  async assumedRevision(): Promise<number> {
    return this.revision ?? this.refresh();
  }

  async routesFor(event: WebhookEvent): Promise<readonly Route[]> {
    const { topic, tenant } = event;
    const key = JSON.stringify([topic, tenant]);
    const { all, filters } = await (this.routes.get(key) ?? this.read(key, topic, tenant));
    if (!filters) return all;
    const payload = new FilteredPayload(event, this.catalogue);
    const wanting: Route[] = [];
    let turnBeganAt = this.clock.monotonic();
    for (const route of all) {
      if (payload.passes(filters.get(route), route)) wanting.push(route);
      if (this.clock.monotonic() - turnBeganAt < LONGEST_TURN_MS) continue;
      await new Promise(setImmediate);
      turnBeganAt = this.clock.monotonic();
    }
    return wanting;
  }

  private read(key: string, topic: string, tenant: string | null): Promise<KnownRoutes> {
    if (this.remembered > MOST_ROUTES_REMEMBERED) this.forget();
    // Those of now, so that what is read until they are forgotten is not taken for what there is then.
    const filters = this.filters;
    const routes = this.subscriptions.routes(topic, tenant).then((all) => this.withFilters(all, topic, filters));
    this.routes.set(key, routes);
    routes.then(
      ({ all }) => (this.remembered += all.length + 1),
      () => this.routes.delete(key),
    );
    return routes;
  }

  private withFilters(found: readonly Route[], topic: string, known: KnownFilters): KnownRoutes {
    const filters = new Map<Route, PayloadFilter>();
    const all = found.map((each) => {
      const filter = this.filterOf(each, known);
      const route = { ...each, preferences: whatCounts(each.preferences, filter && topic) };
      if (filter) filters.set(route, filter);
      return route;
    });
    return { all, filters: filters.size === 0 ? undefined : filters };
  }

  private filterOf({ subscriptionId, preferences }: Route, known: KnownFilters): PayloadFilter | undefined {
    if (!preferences.filter) return undefined;
    if (!known.has(subscriptionId)) {
      known.set(subscriptionId, filterOf(preferences));
      this.remembered += JSON.stringify(preferences.filter).length / CHARACTERS_PER_ROUTE;
    }
    return known.get(subscriptionId);
  }

  private forget(): void {
    this.routes = new Map();
    this.filters = new Map();
    this.remembered = 0;
  }
}

const NOTHING: Preferences = {};

/** What of the preferences counts for a route, however long the rest. @param topic whose version a filter has to see */
function whatCounts({ order, versions }: Preferences, topic: string | undefined): Preferences {
  const version = topic !== undefined && versions && Object.hasOwn(versions, topic) ? versions[topic] : undefined;
  if (order === undefined && version === undefined) return NOTHING;
  return { ...(order && { order }), ...(version && { versions: { [topic!]: version } }) };
}
