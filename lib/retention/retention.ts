import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import { Activity } from '../shared/activity';
import { Clock, type Timer } from '../shared/clock';
import { cutoffsAt, endOf, RetentionSettings, type Cutoffs, type Perishable } from './retention-limits';
import {
  NOTHING_PRUNED,
  RetentionRepository,
  type Examined,
  type PruneCounts,
  type Round,
} from './retention.repository';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What one transaction takes away: some milliseconds of work, also where one connection does everything. */
const ROWS_PER_BATCH = 200;
const PAUSE_MS = 25;
const SIGN_OF_LIFE_MS = MINUTE_MS;

/** Bodies go once a day: to find them, everything that has one is looked at. */
const ROUNDS: Readonly<Record<Round, { everyMs: number; kinds: readonly Perishable[] }>> = {
  rows: { everyMs: HOUR_MS, kinds: ['deliveries', 'events', 'replays'] },
  bodies: { everyMs: 24 * HOUR_MS, kinds: ['answers', 'payloads'] },
};

/** A round under way. */
interface Turn {
  readonly round: Round;
  readonly startedAt: number;
  readonly cutoffs: Cutoffs;
  signOfLifeAt: number;
  counts: PruneCounts;
}

/**
 * Takes away what has been kept for long enough, a batch at a time and with pauses between. One process does it, any
 * may; whoever comes after a crash begins at the oldest row again, where nothing is left of what was done.
 */
@Injectable()
export class Retention {
  private timers: Timer[] = [];
  private pause: Timer | undefined;
  private underWay = false;
  private stopped = false;

  constructor(
    private readonly repository: RetentionRepository,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly settings: RetentionSettings,
  ) {}

  /** Looks a minute from now and then every hour whether it is time. */
  start(): void {
    if (this.settings.retention === null) return;
    this.timers = [this.clock.after(MINUTE_MS, () => this.look()), this.clock.every(HOUR_MS, () => this.look())];
  }

  /** Begins no further batch. */
  stop(): void {
    this.stopped = true;
    this.timers.forEach((timer) => timer.cancel());
    this.pause?.cancel();
  }

  /** Begins what is due and what nobody else does. */
  look(): void {
    if (this.underWay || this.stopped) return;
    this.underWay = true;
    this.goOn(this.turns());
  }

  /** Takes the next step, and a pause after it. */
  private goOn(steps: AsyncGenerator<void>): void {
    void this.activity.track(async () => {
      const over = await this.isOver(steps);
      if (over) this.underWay = false;
      else if (!this.stopped) this.pause = this.clock.after(PAUSE_MS, () => this.goOn(steps));
    });
  }

  private async isOver(steps: AsyncGenerator<void>): Promise<boolean> {
    try {
      return (await steps.next()).done === true;
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: 'retention', error });
      return true;
    }
  }

  private async *turns(): AsyncGenerator<void> {
    for (const round of ['rows', 'bodies'] as const) {
      const turn = await this.claim(round);
      if (!turn) continue;
      yield;
      for (const kind of ROUNDS[round].kinds) yield* this.walk(turn, kind);
      if (round === 'rows') yield* this.takeStatistics(turn);
      await this.finish(turn);
      yield;
    }
  }

  private async claim(round: Round): Promise<Turn | undefined> {
    const now = this.clock.now();
    const cutoffs = cutoffsAt(now, this.settings.retention!);
    if (ROUNDS[round].kinds.every((kind) => endOf(kind, cutoffs) === null)) return undefined;
    // A little less, so that it does not slip by an hour where timers are a moment early.
    const since = now - ROUNDS[round].everyMs + MINUTE_MS;
    if (!(await this.repository.claim(round, now, since))) return undefined;
    return { round, startedAt: now, cutoffs, signOfLifeAt: this.clock.monotonic(), counts: NOTHING_PRUNED };
  }

  private async *walk(turn: Turn, kind: Perishable): AsyncGenerator<void> {
    const before = endOf(kind, turn.cutoffs);
    for (let after: string | null = ''; before !== null && after !== null;) {
      const { perished, last }: Examined = await this.repository.examine(kind, after, before, turn.cutoffs);
      yield;
      for (let first = 0; first < perished.length; first += ROWS_PER_BATCH) {
        await this.takeBatch(turn, kind, perished.slice(first, first + ROWS_PER_BATCH));
        yield;
      }
      after = last;
    }
  }

  private async takeBatch(turn: Turn, kind: Perishable, ids: readonly string[]): Promise<void> {
    count(turn, await this.repository.take(kind, ids, turn.cutoffs));
    // A turn that takes longer than its interval is still nobody else's.
    if (this.clock.monotonic() - turn.signOfLifeAt < SIGN_OF_LIFE_MS) return;
    turn.signOfLifeAt = this.clock.monotonic();
    await this.repository.goOn(turn.round, this.clock.now());
  }

  private async *takeStatistics(turn: Turn): AsyncGenerator<void> {
    for (let taken = 1; taken > 0;) {
      taken = await this.repository.takeStatistics(turn.cutoffs.statistics, ROWS_PER_BATCH);
      count(turn, { statistics: taken });
      yield;
    }
  }

  private async finish({ round, startedAt, counts }: Turn): Promise<void> {
    const finishedAt = this.clock.now();
    await this.repository.report(round, { startedAt, finishedAt, counts });
    this.lifecycle.emit({ type: 'retention.pruned', round, counts, tookMs: finishedAt - startedAt });
  }
}

function count(turn: Turn, more: Partial<PruneCounts>): void {
  const counts: Record<keyof PruneCounts, number> = { ...turn.counts };
  for (const [kind, number] of Object.entries(more)) counts[kind as keyof PruneCounts] += number;
  turn.counts = counts;
}
