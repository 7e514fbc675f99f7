import { Injectable } from '@nestjs/common';
import { EventsRepository } from '../events/events.repository';
import { Clock } from '../shared/clock';
import { earliestIdentifier, identifier } from '../shared/identifier';
import type { Page } from '../shared/page';
import { WebhooksError } from '../shared/webhooks.error';
import type { Scope } from '../subscriptions/new-subscription';
import { InvalidSubscriptionError } from '../subscriptions/subscription-errors';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { TopicCatalogue } from '../topics/catalogue';
import type { Replay, ReplayChoice } from './replay';
import { ReplayRunner } from './replay-runner';
import { ReplaysRepository, type ReplayQuery } from './replays.repository';

/** Ids sort by the time they were made, by a clock that may have been set back since, or was another process's. */
const MOST_DRIFT_MS = 3_600_000;

export abstract class ReplaysOptions {
  /** How long it is known what was delivered; null for ever. */
  abstract readonly retention: { readonly deliveredMs: number; readonly failedMs: number } | null;
}

/** Which past events a subscription is to get. */
export interface NewReplay {
  /**
   * The first moment, in milliseconds since the epoch. With `only: 'missing'` not longer ago than deliveries are kept:
   * of older events nobody knows any more whether they were delivered.
   */
  readonly from: number;
  /** The last moment. @default now */
  readonly to?: number;
  /** Patterns of the topics that count. @default all that the subscription wants */
  readonly topics?: readonly string[];
  /** @default 'failed' */
  readonly only?: ReplayChoice;
}

/** Thrown when there is no such replay, or it belongs to another tenant. */
export class ReplayNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_REPLAY_NOT_FOUND';
  override readonly status = 404;
}

/** Sends past events to a subscription. */
@Injectable()
export class ReplaysService {
  constructor(
    private readonly repository: ReplaysRepository,
    private readonly subscriptions: SubscriptionsService,
    private readonly events: EventsRepository,
    private readonly catalogue: TopicCatalogue,
    private readonly runner: ReplayRunner,
    private readonly clock: Clock,
    private readonly options: ReplaysOptions,
  ) {}

  /**
   * Begins a replay; it goes on in the background, past crashes, some events at a time. Only events that the
   * subscription may get are sent, and none whose topic it does not want now.
   * @throws SubscriptionNotFoundError, InvalidSubscriptionError
   */
  async start(subscription: string | number, wanted: NewReplay, scope: Scope = {}): Promise<Replay> {
    const { id: subscriptionId, tenant } = await this.subscriptions.get(subscription, scope);
    const now = this.clock.now();
    const { to = now, topics = null, only = 'failed' } = wanted;
    this.assertValid(wanted.from, to, topics);
    const from = only === 'missing' ? Math.max(wanted.from, this.knownSince(now)) : wanted.from;
    const replay: Replay = {
      ...{ id: identifier('rpl', now), subscriptionId, tenant, from, to, topics, only, state: 'running' },
      reached: earliestIdentifier('evt', Math.max(0, from - MOST_DRIFT_MS)),
      until: await this.endOf(to, now),
      ...{ examined: 0, scheduled: 0, unavailable: 0, createdAt: now, finishedAt: null },
    };
    await this.repository.insert(replay);
    this.runner.look();
    return replay;
  }

  /** @throws ReplayNotFoundError */
  async get(id: string, { tenant }: Scope = {}): Promise<Replay> {
    const replay = await this.repository.byId(id);
    if (replay && (tenant === undefined || replay.tenant === tenant)) return replay;
    throw new ReplayNotFoundError(`There is no replay ${JSON.stringify(id)}.`);
  }

  /** Replays, newest first. */
  list(query: ReplayQuery = {}): Promise<Page<Replay>> {
    return this.repository.list(query);
  }

  /** Ends a replay; what it has made due already is delivered. One that has ended stays as it is. @throws ReplayNotFoundError */
  async cancel(id: string, scope: Scope = {}): Promise<Replay> {
    await this.get(id, scope);
    await this.repository.cancel(id, this.clock.now());
    return this.get(id, scope);
  }

  private assertValid(from: number, to: number, topics: readonly string[] | null): void {
    const objections = (topics ?? [])
      .map((topic) => this.catalogue.objectionTo(topic))
      .filter((message) => message !== undefined)
      .map((message) => ({ field: 'topics', message, rule: 'choice' }));
    if (from > to) objections.push({ field: 'to', message: 'it ends before it begins', rule: 'order' });
    if (objections.length > 0) throw new InvalidSubscriptionError(objections);
  }

  /** The retention that runs until this replay does must not have taken what it goes by. */
  private knownSince(now: number): number {
    const { retention } = this.options;
    return retention ? now - Math.min(retention.deliveredMs, retention.failedMs) + MOST_DRIFT_MS : 0;
  }

  /** One that goes up to now goes up to the last event there is, however far ahead the clock was that dated its id. */
  private async endOf(to: number, now: number): Promise<string> {
    const end = earliestIdentifier('evt', to + MOST_DRIFT_MS);
    const [newest] = to < now ? [] : (await this.events.list({ limit: 1 })).data;
    return newest && newest.id >= end ? `${newest.id}~` : end;
  }
}
