import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import type { Answer } from '../transport/transport';
import { DeliveriesRepository } from './deliveries.repository';
import type { DueDelivery } from './delivery';
import { isRefusedAddress, judge, type Case, type Verdict } from './judge';
import { Lifecycle } from './lifecycle';
import type { LoadedDelivery } from './loader';

export abstract class AssessorOptions {
  /** The longest wait that a receiver may ask for with `Retry-After`. */
  abstract readonly retryAfterCeilingMs: number;
  /** Gives numbers from 0 up to but not including 1. */
  abstract readonly random: () => number;
}

/** What deliveries have in common that were one request, and what this one has not. */
export interface Share {
  readonly now: number;
  /** From 0 up to but not including 1. */
  readonly luck: number;
  /** Whether the receiver took the request, but not this event of it. */
  readonly isRefused: boolean;
}

/** Has an answer judged, with all that judging needs to know. */
@Injectable()
export class Assessor {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly options: AssessorOptions,
  ) {}

  /** What an answer means for a delivery. Rejects only when the database could not be reached. */
  async assess(answer: Answer, { due, profile }: LoadedDelivery, share?: Share): Promise<Verdict> {
    const refusals = isRefusedAddress(answer) ? 1 + (await this.earlierRefusals(due)) : 0;
    const { retryAfterCeilingMs } = this.options;
    const random = share ? () => share.luck : this.options.random;
    const { now, isRefused } = share ?? { now: this.clock.now() };
    const attemptCount = due.attemptCount + 1;
    return this.verdictOn(answer, due, {
      profile,
      attemptCount,
      refusals,
      isRefused,
      now,
      random,
      retryAfterCeilingMs,
    });
  }

  /** What one request has in common for all that it carried, so that what failed together is due together again. */
  shared(): Omit<Share, 'isRefused'> {
    return { now: this.clock.now(), luck: this.options.random() };
  }

  /** An answer that a contract's own code cannot judge is a failure, or the request would be made again without end. */
  private verdictOn(answer: Answer, due: DueDelivery, the: Case): Verdict {
    try {
      return judge(answer, the);
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `judging the answer to ${due.id}`, error });
      return judge({ ...answer, kind: 'failure', failure: 'invalid_request', detail: '' }, the);
    }
  }

  /** Read only when it matters, which is seldom: so no table has to count them. */
  private async earlierRefusals({ id, attemptCount }: DueDelivery): Promise<number> {
    if (attemptCount === 0) return 0;
    const attempts = await this.deliveries.attemptsOf(id);
    return attempts.filter(({ failure }) => failure === 'address_refused').length;
  }
}
