import { Injectable } from '@nestjs/common';
import { RecentEvents } from '../events/recent-events';
import { Clock } from '../shared/clock';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { isActive } from '../subscriptions/subscription';
import type { Answer } from '../transport/transport';
import { attemptOf, exchangeOf, type Attempt } from './attempt';
import { Courier, type Consignment } from './courier';
import { DeliveriesRepository } from './deliveries.repository';
import type { DueDelivery } from './delivery';
import { EndpointHealth } from './endpoint-health';
import { isOurs, isRefusedAddress, judge, type Verdict } from './judge';
import { Lifecycle } from './lifecycle';
import { Outcomes } from './outcomes';

/** What a lane learns from having had a delivery made. */
export type Progress =
  /** An attempt was made and recorded. */
  | {
      readonly kind: 'attempted';
      readonly answer: Answer;
      readonly nextAttemptAt: number | null;
    }
  /** The delivery is over without an attempt: its event or subscription is gone. */
  | { readonly kind: 'canceled' }
  /** The process is ending and broke the request off; the delivery stays pending. */
  | { readonly kind: 'abandoned' }
  /** The right to deliver was lost while everything was being loaded, so nothing was sent; the delivery stays pending. */
  | { readonly kind: 'withheld' }
  /** The subscription is disabled or suspended; the delivery stays pending. */
  | { readonly kind: 'held' };

/** The right to make one attempt. */
export interface Permit {
  /** Whether it still holds, asked when everything has been loaded. */
  readonly mayStill: () => boolean;
  /** Called when the request is about to be made. */
  readonly begin: () => void;
}

interface LoadedDelivery extends Consignment {
  readonly due: DueDelivery;
}

export abstract class DelivererOptions {
  /** The longest wait that a receiver may ask for with `Retry-After`. */
  abstract readonly retryAfterCeilingMs: number;
  /** Gives numbers from 0 up to but not including 1. */
  abstract readonly random: () => number;
}

/** Makes one attempt at a delivery: load, compose, sign, send, judge, record. */
@Injectable()
export class Deliverer {
  constructor(
    private readonly events: RecentEvents,
    private readonly known: KnownSubscriptions,
    private readonly health: EndpointHealth,
    private readonly courier: Courier,
    private readonly deliveries: DeliveriesRepository,
    private readonly outcomes: Outcomes,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly options: DelivererOptions,
  ) {}

  /** Rejects only when the database could not be reached; what the receiver does is never an exception. */
  async deliver(due: DueDelivery, permit: Permit): Promise<Progress> {
    const delivery = await this.load(due);
    if (!permit.mayStill()) return { kind: 'withheld' };
    if (!delivery) return this.cancel(due);
    if (!isActive(delivery.subscription)) return { kind: 'held' };
    permit.begin();
    const startedAt = this.clock.now();
    const answer = await this.courier.take(delivery, startedAt, due.attemptCount + 1);
    if (wasBrokenOff(answer)) return { kind: 'abandoned' };
    const refusals = isRefusedAddress(answer) ? 1 + (await this.earlierRefusals(due)) : 0;
    const verdict = this.verdictOn(answer, delivery, refusals);
    const exchange = exchangeOf(answer, startedAt, verdict.state === 'delivered');
    await this.record(delivery, attemptOf(due.id, due.attemptCount + 1, exchange), verdict);
    if (!isOurs(answer)) await this.health.learn(delivery.subscription, delivery.profile, verdict);
    return { kind: 'attempted', answer, nextAttemptAt: verdict.nextAttemptAt };
  }

  private async load(due: DueDelivery): Promise<LoadedDelivery | undefined> {
    const [event, subscription] = await Promise.all([this.events.get(due.eventId), this.known.get(due.subscriptionId)]);
    const consignment = this.courier.consignment(event, subscription);
    return consignment && { due, ...consignment };
  }

  /** An answer that a contract's own code cannot judge is a failure, or the request would be made again without end. */
  private verdictOn(answer: Answer, delivery: LoadedDelivery, refusals: number): Verdict {
    try {
      return this.judge(answer, delivery, refusals);
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `judging the answer to ${delivery.due.id}`, error });
      return this.judge({ ...answer, kind: 'failure', failure: 'invalid_request', detail: '' }, delivery, refusals);
    }
  }

  /** Read only when it matters, which is seldom: so no table has to count them. */
  private async earlierRefusals({ id, attemptCount }: DueDelivery): Promise<number> {
    if (attemptCount === 0) return 0;
    const attempts = await this.deliveries.attemptsOf(id);
    return attempts.filter(({ failure }) => failure === 'address_refused').length;
  }

  private judge(answer: Answer, { due, profile }: LoadedDelivery, refusals: number): Verdict {
    const { random, retryAfterCeilingMs } = this.options;
    return judge(answer, {
      profile,
      attemptCount: due.attemptCount + 1,
      refusals,
      now: this.clock.now(),
      random,
      retryAfterCeilingMs,
    });
  }

  private async record(
    { due, event, subscription }: LoadedDelivery,
    attempt: Attempt,
    { state, nextAttemptAt }: Verdict,
  ): Promise<void> {
    await this.outcomes.record({ delivery: due, state, attempt, nextAttemptAt, decidedAt: this.clock.now() });
    const { tenant, contract } = subscription;
    const delivery = { ...due, topic: event.topic, publishedAt: event.createdAt, tenant, contract };
    if (state === 'delivered') this.lifecycle.emit({ type: 'delivery.delivered', delivery, attempt });
    else if (nextAttemptAt === null) this.lifecycle.emit({ type: 'delivery.exhausted', delivery, attempt });
    else this.lifecycle.emit({ type: 'delivery.retrying', delivery, attempt, nextAttemptAt });
  }

  private async cancel(due: DueDelivery): Promise<Progress> {
    const outcome = { state: 'canceled', attempt: null, nextAttemptAt: null, decidedAt: this.clock.now() } as const;
    await this.outcomes.record({ delivery: due, ...outcome });
    this.lifecycle.emit({ type: 'delivery.canceled', delivery: due });
    return { kind: 'canceled' };
  }
}

/** The transport was closed: the process is ending, and nothing is known of the endpoint. */
function wasBrokenOff(answer: Answer): boolean {
  return answer.kind === 'failure' && answer.failure === 'closed';
}
