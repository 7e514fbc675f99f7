import { Injectable } from '@nestjs/common';
import type { WebhookEvent } from '../events/event';
import { SubscriptionsRepository, type Route } from '../subscriptions/subscriptions.repository';

const MOST_ROUTES_REMEMBERED = 200_000;

/** Which subscriptions want an event: asked of the table once for each topic of a tenant, until a subscription changes. */
@Injectable()
export class Routing {
  private routes = new Map<string, Promise<readonly Route[]>>();
  private revision: number | undefined;
  private remembered = 0;

  constructor(private readonly subscriptions: SubscriptionsRepository) {}

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

  routesFor({ topic, tenant }: WebhookEvent): Promise<readonly Route[]> {
    const key = JSON.stringify([topic, tenant]);
    return this.routes.get(key) ?? this.read(key, topic, tenant);
  }

  private read(key: string, topic: string, tenant: string | null): Promise<readonly Route[]> {
    if (this.remembered > MOST_ROUTES_REMEMBERED) this.forget();
    const routes = this.subscriptions.routes(topic, tenant);
    this.routes.set(key, routes);
    routes.then(
      (found) => (this.remembered += found.length + 1),
      () => this.routes.delete(key),
    );
    return routes;
  }

  private forget(): void {
    this.routes = new Map();
    this.remembered = 0;
  }
}
