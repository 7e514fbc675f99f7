import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { isActive } from '../subscriptions/subscription';
import type { Answer } from '../transport/transport';
import { Assessor, type Share } from './assessor';
import { exchangeOf } from './attempt';
import { Courier, isBatched } from './courier';
import type { DueDelivery } from './delivery';
import { EndpointHealth } from './endpoint-health';
import { isOurs } from './judge';
import { Ledger } from './ledger';
import { Loader, type LoadedDelivery } from './loader';
import { failedAmong } from './partial-failure';

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

/** Makes one attempt at a delivery: load, compose, sign, send, judge, record. */
@Injectable()
export class Deliverer {
  constructor(
    private readonly loader: Loader,
    private readonly courier: Courier,
    private readonly assessor: Assessor,
    private readonly ledger: Ledger,
    private readonly health: EndpointHealth,
    private readonly clock: Clock,
  ) {}

  /** Rejects only when the database could not be reached; what the receiver does is never an exception. */
  async deliver(due: DueDelivery, permit: Permit): Promise<Progress> {
    const delivery = await this.loader.load(due);
    if (!permit.mayStill()) return { kind: 'withheld' };
    if (!delivery) return this.cancel(due);
    if (!isActive(delivery.subscription)) return { kind: 'held' };
    permit.begin();
    const startedAt = this.clock.now();
    const answer = await this.courier.take(delivery, startedAt, due.attemptCount + 1);
    if (wasBrokenOff(answer)) return { kind: 'abandoned' };
    const verdict = await this.assessor.assess(answer, delivery, this.shareOf(delivery, answer));
    const exchange = exchangeOf(answer, startedAt, verdict.state === 'delivered');
    await this.ledger.record([{ delivery, exchange, verdict }]);
    if (!isOurs(answer)) await this.health.learn(delivery.subscription, delivery.profile, verdict);
    return { kind: 'attempted', answer, nextAttemptAt: verdict.nextAttemptAt };
  }

  /** Its lane may not know yet that batches are wanted. */
  private shareOf(delivery: LoadedDelivery, answer: Answer): Share | undefined {
    if (!isBatched(delivery)) return undefined;
    return { ...this.assessor.shared(), isRefused: failedAmong([delivery.event.id], answer).size > 0 };
  }

  private async cancel(due: DueDelivery): Promise<Progress> {
    await this.ledger.cancel([due]);
    return { kind: 'canceled' };
  }
}

/** The transport was closed: the process is ending, and nothing is known of the endpoint. */
export function wasBrokenOff(answer: Answer): boolean {
  return answer.kind === 'failure' && answer.failure === 'closed';
}
