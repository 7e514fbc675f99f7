import type { Clock } from '../shared/clock';
import { cutoffsAt, endOf, type Cutoffs, type Perishable, type RetentionLimits } from './retention-limits';
import {
  NOTHING_PRUNED,
  type Examined,
  type PruneCounts,
  type PruneReport,
  type RetentionRepository,
  type Round,
} from './retention.repository';

/** What one transaction takes away: some milliseconds of work, also where one connection does everything. */
const ROWS_PER_BATCH = 200;
/** How long to leave the database alone between two steps, in milliseconds. */
export const PAUSE_MS = 25;
/** How long a round that goes on may say nothing of it, in milliseconds. */
export const SIGN_OF_LIFE_MS = 60_000;

/** Bodies go less often: to find them, everything that has one is looked at. */
const KINDS: Readonly<Record<Round, readonly Perishable[]>> = {
  rows: ['deliveries', 'events', 'replays'],
  bodies: ['answers', 'payloads'],
};

/** One round of taking away what has been kept for long enough, a short transaction at a time. */
export class Pruning {
  /** What it has taken away so far, or found. */
  counts: PruneCounts = NOTHING_PRUNED;
  private readonly startedAt: number;
  private readonly cutoffs: Cutoffs;
  private signOfLifeAt: number;

  constructor(
    readonly round: Round,
    limits: RetentionLimits,
    private readonly repository: RetentionRepository,
    private readonly clock: Clock,
  ) {
    this.startedAt = clock.now();
    this.cutoffs = cutoffsAt(this.startedAt, limits);
    this.signOfLifeAt = clock.monotonic();
  }

  /** Whether by these limits anything could ever go. */
  get isWanted(): boolean {
    return KINDS[this.round].some((kind) => endOf(kind, this.cutoffs) !== null);
  }

  /** Takes the turn, unless somebody has taken it or been at it for less than `forMs`. Answers whether it did. */
  claim(forMs: number): Promise<boolean> {
    return this.repository.claim(this.round, this.startedAt, this.startedAt - forMs);
  }

  /** Takes everything away that may go, and reports it. Every step is one transaction, or only reads. */
  async *steps(): AsyncGenerator<void, PruneReport> {
    for (const kind of KINDS[this.round]) yield* this.takeAll(kind);
    if (this.round === 'rows') yield* this.takeStatistics();
    const report = { startedAt: this.startedAt, finishedAt: this.clock.now(), counts: this.counts };
    await this.repository.report(this.round, report);
    return report;
  }

  /** Counts what could go now, and changes nothing. What could only go after that is not counted. */
  async *forecast(): AsyncGenerator<void> {
    for (const kind of KINDS[this.round]) {
      for await (const perished of this.examined(kind)) {
        this.count({ [kind]: perished.length });
        yield;
      }
    }
    if (this.round === 'rows') {
      this.count({ statistics: await this.repository.countStatistics(this.cutoffs.statistics) });
    }
  }

  private async *takeAll(kind: Perishable): AsyncGenerator<void> {
    for await (const perished of this.examined(kind)) {
      yield;
      for (let first = 0; first < perished.length; first += ROWS_PER_BATCH) {
        await this.takeBatch(kind, perished.slice(first, first + ROWS_PER_BATCH));
        yield;
      }
    }
  }

  private async *examined(kind: Perishable): AsyncGenerator<readonly string[]> {
    const before = endOf(kind, this.cutoffs);
    for (let after: string | null = ''; before !== null && after !== null;) {
      const { perished, last }: Examined = await this.repository.examine(kind, after, before, this.cutoffs);
      yield perished;
      after = last;
    }
  }

  private async takeBatch(kind: Perishable, ids: readonly string[]): Promise<void> {
    this.count(await this.repository.take(kind, ids, this.cutoffs));
    // A turn that takes longer than its interval is still nobody else's.
    if (this.clock.monotonic() - this.signOfLifeAt < SIGN_OF_LIFE_MS) return;
    this.signOfLifeAt = this.clock.monotonic();
    await this.repository.goOn(this.round, this.clock.now());
  }

  private async *takeStatistics(): AsyncGenerator<void> {
    for (let taken = 1; taken > 0;) {
      taken = await this.repository.takeStatistics(this.cutoffs.statistics, ROWS_PER_BATCH);
      this.count({ statistics: taken });
      yield;
    }
  }

  private count(more: Partial<PruneCounts>): void {
    const counts: Record<keyof PruneCounts, number> = { ...this.counts };
    for (const [kind, number] of Object.entries(more)) counts[kind as keyof PruneCounts] += number;
    this.counts = counts;
  }
}
