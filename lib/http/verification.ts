import { Injectable } from '@nestjs/common';
import type { Draft } from '../contracts/field';
import { UNVERIFIED } from '../contracts/fields/state';
import { HandshakeFailedError } from '../contracts/problem';
import type { Handshake } from '../deliveries/handshake';
import { Handshakes } from '../deliveries/handshakes';
import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';

/** Lets subscriptions work whose endpoints have passed the handshake of their contract, where it has one. */
@Injectable()
export class Verification {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly handshakes: Handshakes,
  ) {}

  /** The handshake of a contract; null where it has none. */
  of(contract: string): Handshake | null {
    return this.handshakes.of(contract);
  }

  /** Asks, and turns it on or says why not. */
  async verified(subscription: Subscription): Promise<Subscription> {
    return this.judged(subscription, await this.handshakes.objectionTo(subscription));
  }

  /** The same for what has another secret or other credentials. What is off for another reason is asked when it is to work. */
  async verifiedAgain(subscription: Subscription): Promise<Subscription> {
    const { contract, suspendedAt, suspendedReason } = subscription;
    const waits = suspendedAt !== null && !suspendedReason?.startsWith(UNVERIFIED);
    return this.of(contract) && !waits ? this.verified(subscription) : subscription;
  }

  /** @throws HandshakeFailedError, and nothing has changed, where the endpoint of a changed subscription would not pass */
  async assertPasses(current: Subscription, draft: Draft): Promise<void> {
    const objection = await this.handshakes.objectionTo(await this.subscriptions.preview(current, draft));
    if (objection !== undefined) throw new HandshakeFailedError(objection);
  }

  /** What was just made; it is taken back where its contract wants none that has not passed. @throws HandshakeFailedError */
  async verifiedOrRemoved(made: Subscription): Promise<Subscription> {
    const objection = await this.handshakes.objectionTo(made);
    if (objection !== undefined && this.of(made.contract)?.required) {
      await this.subscriptions.remove(made.id);
      throw new HandshakeFailedError(objection);
    }
    return this.judged(made, objection);
  }

  /** Unless it was changed while its endpoint was asked: nobody has asked another one. */
  resumed({ id, url, suspendedReason }: Subscription): Promise<Subscription> {
    return this.subscriptions.resume(id, {}, { url, suspendedReason });
  }

  private judged(subscription: Subscription, objection: string | undefined): Promise<Subscription> {
    if (objection === undefined) return this.resumed(subscription);
    const { remedy } = this.of(subscription.contract)!;
    const suspendedReason = `${UNVERIFIED}: ${objection}${remedy === undefined ? '' : ` ${remedy}`}`;
    return this.subscriptions.update(subscription.id, ({ url }) =>
      url === subscription.url ? { suspendedReason } : {},
    );
  }
}

/** Whether a change leads elsewhere. */
export function moves(current: Subscription, { url }: Draft): boolean {
  return url !== undefined && url !== current.url;
}

/** Whether a change is of what shows that we are we, and the endpoint the one that was meant. */
export function changesSecrets(current: Subscription, { secret, credentials, headers }: Draft): boolean {
  return credentials !== undefined || headers !== undefined || (secret !== undefined && !isCurrent(current, secret));
}

function isCurrent({ secrets }: Subscription, secret: string): boolean {
  try {
    return secrets.current() === secret;
  } catch (error) {
    if (error instanceof UnreadableSecretError) return false;
    throw error;
  }
}
