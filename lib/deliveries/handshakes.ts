import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import type { Subscription } from '../subscriptions/subscription';
import { DELIVERY_PROFILES, type DeliveryProfile, type DeliveryProfiles } from './delivery-profile';
import { Dispatch } from './dispatch';
import type { Handshake } from './handshake';
import { signedRequest } from './signed-request';

/** Asks endpoints for the proof that their contract demands. */
@Injectable()
export class Handshakes {
  constructor(
    @Inject(DELIVERY_PROFILES) private readonly profiles: DeliveryProfiles,
    private readonly dispatch: Dispatch,
    private readonly clock: Clock,
  ) {}

  /** The handshake of a contract; null where it has none. */
  of(contract: string): Handshake | null {
    return this.profiles.get(contract)?.handshake ?? null;
  }

  /** Why an endpoint has not passed; undefined when it has, or nothing was asked of it. */
  async objectionTo(subscription: Subscription): Promise<string | undefined> {
    const profile = this.profiles.get(subscription.contract);
    return profile?.handshake ? this.shake(profile, profile.handshake, subscription) : undefined;
  }

  private async shake(
    profile: DeliveryProfile,
    handshake: Handshake,
    subscription: Subscription,
  ): Promise<string | undefined> {
    const challenge = randomBytes(16).toString('hex');
    const now = this.clock.now();
    const composition = handshake.request(subscription, challenge);
    const signed = signedRequest(composition, { profile, subscription, id: identifier('hsk', now), now });
    const answer = await this.dispatch.send(signed, subscription);
    if (answer.kind === 'failure') return answer.detail;
    try {
      return handshake.objectionTo(answer, challenge, subscription);
    } catch {
      // Any endpoint can answer what a contract's own code does not expect.
      return 'The endpoint answered the handshake in a way that cannot be understood.';
    }
  }
}
