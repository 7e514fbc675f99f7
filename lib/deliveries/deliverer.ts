import { Inject, Injectable } from '@nestjs/common';
import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import { RecentEvents } from '../events/recent-events';
import type { WebhookEvent } from '../events/event';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { isActive, type Subscription } from '../subscriptions/subscription';
import { Transport, type Answer, type Failed } from '../transport/transport';
import type { Attempt } from './attempt';
import { withoutConfidential } from './confidential';
import { DeliveriesRepository } from './deliveries.repository';
import type { DueDelivery } from './delivery';
import { DELIVERY_PROFILES, type DeliveryProfile, type DeliveryProfiles } from './delivery-profile';
import { EndpointHealth } from './endpoint-health';
import { isOurs, isRefusedAddress, judge, type Verdict } from './judge';
import { Lifecycle } from './lifecycle';
import { Outcomes } from './outcomes';
import { signedRequest, type SignedRequest } from './signed-request';

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

interface LoadedDelivery {
  readonly due: DueDelivery;
  readonly event: WebhookEvent;
  readonly subscription: Subscription;
  readonly profile: DeliveryProfile;
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
    @Inject(DELIVERY_PROFILES) private readonly profiles: DeliveryProfiles,
    private readonly transport: Transport,
    private readonly deliveries: DeliveriesRepository,
    private readonly outcomes: Outcomes,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly options: DelivererOptions,
  ) {}

  /**
   * Rejects only when the database could not be reached; what the receiver does is never an exception.
   * @param mayStill whether the delivery is still this process's to make, asked at the last moment before it is
   */
  async deliver(due: DueDelivery, mayStill: () => boolean): Promise<Progress> {
    const delivery = await this.load(due);
    if (!mayStill()) return { kind: 'withheld' };
    if (!delivery) return this.cancel(due);
    if (!isActive(delivery.subscription)) return { kind: 'held' };
    const startedAt = this.clock.now();
    const answer = await this.answerTo(delivery, startedAt);
    if (wasBrokenOff(answer)) return { kind: 'abandoned' };
    const refusals = isRefusedAddress(answer) ? 1 + (await this.earlierRefusals(due)) : 0;
    const verdict = this.verdictOn(answer, delivery, refusals);
    await this.record(delivery, attemptOf(delivery, startedAt, answer, verdict), verdict);
    if (!isOurs(answer)) await this.health.learn(delivery.subscription, delivery.profile, verdict);
    return { kind: 'attempted', answer, nextAttemptAt: verdict.nextAttemptAt };
  }

  private async load(due: DueDelivery): Promise<LoadedDelivery | undefined> {
    const [event, subscription] = await Promise.all([this.events.get(due.eventId), this.known.get(due.subscriptionId)]);
    const profile = subscription && this.profiles.get(subscription.contract);
    return event && subscription && profile && { due, event, subscription, profile };
  }

  private async answerTo(delivery: LoadedDelivery, startedAt: number): Promise<Answer> {
    const signed = this.compose(delivery, startedAt);
    if ('failure' in signed) return signed;
    return withoutConfidential(await this.transport.send(signed.request), signed.confidential);
  }

  /** What a contract's own code throws while it composes is an outcome too, or it would be tried again without end. */
  private compose(delivery: LoadedDelivery, now: number): SignedRequest | Failed {
    const { event, subscription, profile } = delivery;
    try {
      return signedRequest(profile.compose(event, subscription), { profile, subscription, id: event.id, now });
    } catch (error) {
      if (error instanceof UnreadableSecretError) return this.unsigned(delivery, error);
      const detail = error instanceof Error ? error.message : String(error);
      return { kind: 'failure', failure: 'invalid_request', detail, durationMs: 0 };
    }
  }

  /** The subscriber is told what concerns them, and the operator why. */
  private unsigned({ subscription }: LoadedDelivery, { message }: UnreadableSecretError): Failed {
    this.lifecycle.emit({ type: 'secret.unreadable', subscriptionId: subscription.id, reason: message });
    const detail = 'The request could not be signed, because the secret cannot be read at the moment.';
    return { kind: 'failure', failure: 'secret_unreadable', detail, durationMs: 0 };
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

  private async record({ due }: LoadedDelivery, attempt: Attempt, verdict: Verdict): Promise<void> {
    const { state, nextAttemptAt } = verdict;
    await this.outcomes.record({ delivery: due, state, attempt, nextAttemptAt, decidedAt: this.clock.now() });
    if (state === 'delivered') this.lifecycle.emit({ type: 'delivery.delivered', delivery: due, attempt });
    else if (nextAttemptAt === null) this.lifecycle.emit({ type: 'delivery.exhausted', delivery: due, attempt });
    else this.lifecycle.emit({ type: 'delivery.retrying', delivery: due, attempt, nextAttemptAt });
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

function attemptOf({ due }: LoadedDelivery, startedAt: number, answer: Answer, verdict: Verdict): Attempt {
  const responded = answer.kind === 'response';
  return {
    id: identifier('att', startedAt),
    deliveryId: due.id,
    number: due.attemptCount + 1,
    startedAt,
    durationMs: Math.round(answer.durationMs),
    succeeded: verdict.state === 'delivered',
    status: responded ? answer.status : null,
    failure: responded ? null : answer.failure,
    detail: responded ? null : answer.detail,
    responseBody: responded ? answer.body : null,
  };
}
