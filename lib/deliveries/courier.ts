import { Inject, Injectable } from '@nestjs/common';
import { identifier } from '../shared/identifier';
import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import { hasPayload, type WebhookEvent } from '../events/event';
import type { Subscription } from '../subscriptions/subscription';
import type { Answer, Failed } from '../transport/transport';
import { DELIVERY_PROFILES, type Composition, type DeliveryProfile, type DeliveryProfiles } from './delivery-profile';
import { Dispatch } from './dispatch';
import { Lifecycle } from './lifecycle';
import { signedRequest, type SignedRequest } from './signed-request';
import { Tracing, type Prepare } from './tracing';

/** What an event takes to its endpoint. */
export interface Consignment {
  readonly event: WebhookEvent;
  readonly subscription: Subscription;
  readonly profile: DeliveryProfile;
}

/** What events of one subscription take to its endpoint together: one or more. */
type Consignments = readonly Consignment[];

/** Takes events to one endpoint, once, as the contract of its subscription says: compose, sign, send. */
@Injectable()
export class Courier {
  constructor(
    @Inject(DELIVERY_PROFILES) private readonly profiles: DeliveryProfiles,
    private readonly dispatch: Dispatch,
    private readonly lifecycle: Lifecycle,
    private readonly tracing: Tracing,
  ) {}

  /** What it takes; nothing where the event, its payload or the subscription is gone, or its contract is no longer served. */
  consignment(event: WebhookEvent | undefined, subscription: Subscription | undefined): Consignment | undefined {
    const profile = subscription && this.profiles.get(subscription.contract);
    return event && hasPayload(event) && profile ? { event, subscription, profile } : undefined;
  }

  /**
   * Never fails. What a contract's own code throws is an outcome too, or it would be tried again without end.
   * @param number which attempt of its schedule it is; null where somebody asked for it
   */
  take(consignment: Consignment, startedAt: number, number: number | null): Promise<Answer> {
    return this.takeTogether([consignment], startedAt, number);
  }

  /** The same for several events of one subscription, as one request. */
  takeTogether(consignments: Consignments, startedAt: number, number: number | null): Promise<Answer> {
    const [first, ...others] = consignments;
    const attempt = { consignment: first!, others: others.map(({ event }) => event), startedAt, number };
    return this.tracing.attempt(attempt, (prepare) => this.send(consignments, startedAt, prepare));
  }

  private async send(consignments: Consignments, now: number, prepare: Prepare): Promise<Answer> {
    const signed = this.sign(consignments, now);
    if ('failure' in signed) return signed;
    return this.dispatch.send({ ...signed, request: prepare(signed.request) }, consignments[0]!.subscription);
  }

  private sign(consignments: Consignments, now: number): SignedRequest | Failed {
    const { subscription, profile } = consignments[0]!;
    try {
      const { id, composition } = composed(consignments, now);
      return signedRequest(composition, { profile, subscription, id, now });
    } catch (error) {
      if (error instanceof UnreadableSecretError) return this.unsigned(subscription, error);
      const detail = error instanceof Error ? error.message : String(error);
      return { kind: 'failure', failure: 'invalid_request', detail, durationMs: 0 };
    }
  }

  /** The subscriber is told what concerns them, and the operator why. */
  private unsigned({ id }: Subscription, { message }: UnreadableSecretError): Failed {
    this.lifecycle.emit({ type: 'secret.unreadable', subscriptionId: id, reason: message });
    const detail = 'The request could not be signed, because the secret cannot be read at the moment.';
    return { kind: 'failure', failure: 'secret_unreadable', detail, durationMs: 0 };
  }
}

/** The request before it is signed, and its id. Who wants batches gets nothing else, if only of one event. */
function composed(consignments: Consignments, now: number): { id: string; composition: Composition } {
  const { event, subscription, profile } = consignments[0]!;
  if (!isBatched(consignments[0]!)) return { id: event.id, composition: profile.compose(event, subscription) };
  const events = consignments.map((each) => each.event);
  const batch = { id: identifier('bat', now), createdAt: now, events };
  return { id: batch.id, composition: profile.composeBatch(batch, subscription) };
}

/** Whether a request of it has the form of a batch. */
export function isBatched({ subscription, profile }: Pick<Consignment, 'subscription' | 'profile'>): boolean {
  return profile.batches && subscription.preferences.batch !== undefined;
}
