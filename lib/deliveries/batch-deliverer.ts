import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { isActive } from '../subscriptions/subscription';
import type { Answer } from '../transport/transport';
import { Assessor } from './assessor';
import { exchangeOf } from './attempt';
import { BATCH_BYTES, batchSizeWithin, weightOf } from './batch-limits';
import { Courier, isBatched } from './courier';
import { wasBrokenOff, type Permit, type Progress } from './deliverer';
import type { DueDelivery } from './delivery';
import { EndpointHealth } from './endpoint-health';
import { isOurs, type Verdict } from './judge';
import { Ledger, type Entry } from './ledger';
import { Loader, type LoadedDelivery } from './loader';
import { failedAmong } from './partial-failure';

/** What a lane learns from having had a batch made. */
export interface BatchProgress {
  readonly progress: Progress;
  /** Whether some of it was not sent and is still due: not all that was taken out fits into one request. */
  readonly isLeft: boolean;
}

/** What was taken out for a batch. */
interface Gathering {
  readonly present: LoadedDelivery[];
  readonly gone: DueDelivery[];
  bytes: number;
}

/** How many are loaded at a time: a thousand large payloads would fill the memory for a request that takes four. */
const LOADED_AT_ONCE = 100;

/** The beginning of an answer that is kept with each attempt of a batch, in characters: it is the same for all. */
const LONGEST_EXCERPT = 1_000;

/** Makes one attempt at several deliveries of one subscription, as one request. */
@Injectable()
export class BatchDeliverer {
  constructor(
    private readonly loader: Loader,
    private readonly courier: Courier,
    private readonly assessor: Assessor,
    private readonly ledger: Ledger,
    private readonly health: EndpointHealth,
    private readonly clock: Clock,
  ) {}

  /**
   * Rejects only when the database could not be reached; what the receiver does is never an exception.
   * @param due deliveries of one subscription that have had equally many attempts
   */
  async deliver(due: readonly DueDelivery[], permit: Permit): Promise<BatchProgress> {
    const { present, gone } = await this.gather(due);
    if (!permit.mayStill()) return { progress: { kind: 'withheld' }, isLeft: true };
    if (gone.length > 0) await this.ledger.cancel(gone);
    const batch = fitting(present);
    const isLeft = gone.length + batch.length < due.length;
    if (batch.length === 0) return { progress: { kind: 'canceled' }, isLeft };
    // Canceling took its time.
    if (!permit.mayStill()) return { progress: { kind: 'withheld' }, isLeft };
    return { progress: await this.attempt(batch, permit), isLeft };
  }

  private async attempt(batch: readonly LoadedDelivery[], permit: Permit): Promise<Progress> {
    const { due, subscription, profile } = batch[0]!;
    if (!isActive(subscription)) return { kind: 'held' };
    permit.begin();
    const startedAt = this.clock.now();
    const answer = await this.courier.takeTogether(batch, startedAt, due.attemptCount + 1);
    if (wasBrokenOff(answer)) return { kind: 'abandoned' };
    const entries = await this.entriesFor(batch, answer, startedAt);
    await this.ledger.record(entries);
    const verdicts = entries.map(({ verdict }) => verdict);
    if (!isOurs(answer)) await this.health.learn(subscription, profile, together(verdicts));
    return { kind: 'attempted', answer, nextAttemptAt: earliest(verdicts) };
  }

  /** As many as fit into a request, or a few more. */
  private async gather(due: readonly DueDelivery[]): Promise<Gathering> {
    const gathering: Gathering = { present: [], gone: [], bytes: 0 };
    for (let next = 0; next < due.length && gathering.bytes <= BATCH_BYTES; next += LOADED_AT_ONCE) {
      const some = due.slice(next, next + LOADED_AT_ONCE);
      const loaded = await Promise.all(some.map((each) => this.loader.load(each)));
      loaded.forEach((delivery, index) => {
        if (delivery) gathering.present.push(delivery);
        else gathering.gone.push(some[index]!);
        gathering.bytes += weightOf(delivery?.event);
      });
    }
    return gathering;
  }

  private async entriesFor(batch: readonly LoadedDelivery[], answer: Answer, startedAt: number): Promise<Entry[]> {
    const ids = batch.map(({ event }) => event.id);
    const failed = isBatched(batch[0]!) ? failedAmong(ids, answer) : new Set<string>();
    const kept = batch.length > 1 ? shortened(answer) : answer;
    const shared = this.assessor.shared();
    const entries: Entry[] = [];
    for (const delivery of batch) {
      const verdict = await this.assessor.assess(answer, delivery, {
        ...shared,
        isRefused: failed.has(delivery.event.id),
      });
      entries.push({ delivery, verdict, exchange: exchangeOf(kept, startedAt, verdict.state === 'delivered') });
    }
    return entries;
  }
}

/** The first of them, as far as they may travel together. */
function fitting(present: readonly LoadedDelivery[]): LoadedDelivery[] {
  const [first] = present;
  if (!first) return [];
  const { due, subscription, profile } = first;
  const batching = isBatched(first) ? subscription.preferences.batch : undefined;
  const most = batchSizeWithin(batching, due.attemptCount, profile.schedule.attempts);
  let bytes = 0;
  const beyond = present.findIndex(({ event }) => (bytes += weightOf(event)) > BATCH_BYTES);
  return present.slice(0, Math.min(most, beyond === -1 ? Infinity : Math.max(beyond, 1)));
}

function shortened(answer: Answer): Answer {
  return answer.kind === 'failure' ? answer : { ...answer, body: answer.body.slice(0, LONGEST_EXCERPT) };
}

/** One request is one attempt for the health of its endpoint, and a success where anything of it was taken. */
function together(verdicts: readonly Verdict[]): Verdict {
  const telling = verdicts.find(({ state }) => state === 'delivered') ?? verdicts[0]!;
  return { ...telling, suspend: verdicts.find(({ suspend }) => suspend !== null)?.suspend ?? null };
}

function earliest(verdicts: readonly Verdict[]): number | null {
  const times = verdicts.map(({ nextAttemptAt }) => nextAttemptAt).filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
