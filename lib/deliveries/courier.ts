import { Inject, Injectable } from '@nestjs/common';
import type { WebhookEvent } from '../events/event';
import type { Subscription } from '../subscriptions/subscription';
import { Transport, type Answer, type OutgoingRequest } from '../transport/transport';
import { DELIVERY_PROFILES, type DeliveryProfile, type DeliveryProfiles } from './delivery-profile';
import { signedRequest } from './signed-request';

/** What an event takes to its endpoint. */
export interface Consignment {
  readonly event: WebhookEvent;
  readonly subscription: Subscription;
  readonly profile: DeliveryProfile;
}

/** Takes one event to one endpoint, once, as the contract of its subscription says: compose, sign, send. */
@Injectable()
export class Courier {
  constructor(
    @Inject(DELIVERY_PROFILES) private readonly profiles: DeliveryProfiles,
    private readonly transport: Transport,
  ) {}

  /** What it takes; nothing where the event or the subscription is gone, or its contract is no longer served. */
  consignment(event: WebhookEvent | undefined, subscription: Subscription | undefined): Consignment | undefined {
    const profile = subscription && this.profiles.get(subscription.contract);
    return event && profile && { event, subscription, profile };
  }

  /** Never fails. What a contract's own code throws is an outcome too, or it would be tried again without end. */
  take(consignment: Consignment, now: number): Answer | Promise<Answer> {
    try {
      return this.transport.send(this.request(consignment, now));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { kind: 'failure', failure: 'invalid_request', detail, durationMs: 0 };
    }
  }

  private request({ event, subscription, profile }: Consignment, now: number): OutgoingRequest {
    return signedRequest(profile.compose(event, subscription), { profile, subscription, id: event.id, now });
  }
}
