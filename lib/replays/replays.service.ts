import { Injectable } from '@nestjs/common';
import { EventsRepository } from '../events/events.repository';
import { Clock } from '../shared/clock';
import type { Page } from '../shared/page';
import { WebhooksError } from '../shared/webhooks.error';
import type { Scope } from '../subscriptions/new-subscription';
import { InvalidSubscriptionError } from '../subscriptions/subscription-errors';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { TopicCatalogue } from '../topics/catalogue';
import { knownSince, type DeliveryMemory } from './known-since';
import { MOST_RUNNING, newReplay, type NewReplay, type Replay } from './replay';
import { ReplayRunner } from './replay-runner';
import { ReplaysRepository, type ReplayQuery } from './replays.repository';

export abstract class ReplaysOptions {
  /** How long it is known what was delivered; null for ever. */
  abstract readonly retention: DeliveryMemory | null;
}

/** Thrown when there is no such replay, or it belongs to another tenant. */
export class ReplayNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_REPLAY_NOT_FOUND';
  override readonly status = 404;
}

/** Thrown when so many replays of a subscription run that there may be no other. */
export class TooManyReplaysError extends WebhooksError {
  override readonly code = 'WEBHOOKS_TOO_MANY_REPLAYS';
  override readonly status = 409;

  constructor() {
    super(`${MOST_RUNNING} replays of the subscription are running already. Wait for one to end, or cancel one.`);
  }
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
   * @throws SubscriptionNotFoundError, InvalidSubscriptionError, TooManyReplaysError
   */
  async start(subscription: string | number, wanted: NewReplay, scope: Scope = {}): Promise<Replay> {
    const found = await this.subscriptions.get(subscription, scope);
    const now = this.clock.now();
    this.assertValid(wanted, now);
    const from =
      wanted.only === 'missing' ? Math.max(wanted.from, knownSince(now, this.options.retention)) : wanted.from;
    const [newest] = (await this.events.list({ limit: 1 })).data;
    const to = Math.min(wanted.to ?? now, now);
    const replay = newReplay(found, { ...wanted, from, to }, { now, newestEventId: newest?.id });
    if (!(await this.repository.insert(replay, MOST_RUNNING))) throw new TooManyReplaysError();
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
    await this.repository.cancel(id, { now: this.clock.now(), reason: null });
    return this.get(id, scope);
  }

  private assertValid({ from, to = Infinity, topics = [] }: NewReplay, now: number): void {
    const objections = topics
      .filter((topic) => !this.catalogue.has(topic))
      .map((topic, index) => this.catalogue.objectionTo(topic, index === 0))
      .map((message) => ({ field: 'topics', message, rule: 'choice' }));
    const end = Math.min(to, now);
    if (from > end) objections.push({ field: 'from', message: 'it begins after its end, or after now', rule: 'order' });
    if (objections.length > 0) throw new InvalidSubscriptionError(objections);
  }
}
