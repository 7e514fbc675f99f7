import { Injectable } from '@nestjs/common';
import type { WebhookEvent } from '../events/event';
import type { PayloadFilter } from '../filters/payload-filter';
import { TopicCatalogue } from '../topics/catalogue';
import { FilteredPayload } from '../subscriptions/filtered-payload';
import { filterOf } from '../subscriptions/filter-rule';
import { SubscriptionsRepository, type Route } from '../subscriptions/subscriptions.repository';

const MOST_ROUTES_REMEMBERED = 200_000;

/** The routes of one topic of one tenant. */
interface KnownRoutes {
  readonly all: readonly Route[];
  /** What those want of a payload that do not want every one; undefined where all do. */
  readonly filters: ReadonlyMap<Route, PayloadFilter> | undefined;
}

/** Which subscriptions want an event: asked of the table once for each topic of a tenant, until a subscription changes. */
@Injectable()
export class Routing {
  private routes = new Map<string, Promise<KnownRoutes>>();
  private revision: number | undefined;
  private remembered = 0;

  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly catalogue: TopicCatalogue,
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
    const wanted = new FilteredPayload(event, this.catalogue);
    return all.filter((route) => wanted.passes(filters.get(route), route));
  }

  private read(key: string, topic: string, tenant: string | null): Promise<KnownRoutes> {
    if (this.remembered > MOST_ROUTES_REMEMBERED) this.forget();
    const routes = this.subscriptions.routes(topic, tenant).then(withFilters);
    this.routes.set(key, routes);
    routes.then(
      ({ all }) => (this.remembered += all.length + 1),
      () => this.routes.delete(key),
    );
    return routes;
  }

  private forget(): void {
    this.routes = new Map();
    this.remembered = 0;
  }
}

function withFilters(all: readonly Route[]): KnownRoutes {
  const filters = new Map<Route, PayloadFilter>();
  for (const route of all) {
    const filter = filterOf(route.preferences);
    if (filter) filters.set(route, filter);
  }
  return { all, filters: filters.size === 0 ? undefined : filters };
}
