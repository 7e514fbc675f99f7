import { Injectable } from '@nestjs/common';
import type { LaneContent } from '../deliveries/deliveries.repository';
import type { DueDelivery } from '../deliveries/delivery';
import { SequencesRepository } from '../deliveries/sequences.repository';
import { Clock } from '../shared/clock';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository';
import type { Lane } from './lane';
import { LaneTurns } from './lane-turns';

const NAMES_AT_ONCE = 500;
const LET_GO_AT_ONCE = 1_000;
/** How soon it is looked again whether an earlier event has come. */
const AWAITED_MS = 500;

/** A delivery that goes in order. */
type Ordered = DueDelivery & { readonly sequence: string };

/** What becomes of deliveries that are due and go in order. */
interface Sorted {
  readonly go: Ordered[];
  /** Those that are not first. */
  readonly wait: Ordered[];
  /** Those that are, but may not stay so. */
  readonly later: Ordered[];
}

/**
 * Lets deliveries go in order where a subscription asks for that: of each sequence only the first pending one. The others
 * are set aside in the table, so that however many they are, no refill comes upon them; and when the first has ended,
 * the next refill of the lane lets the second go. Nobody but a lane's refills does either, one at a time.
 */
@Injectable()
export class Turns {
  constructor(
    private readonly sequences: SequencesRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly clock: Clock,
  ) {}

  /** Lets those go whose turn has come since the last refill. To be called before the lane is read. */
  async begin(lane: Lane): Promise<void> {
    if (lane.preferences.order !== undefined) lane.turns ??= new LaneTurns();
    const { turns } = lane;
    if (!turns) return;
    try {
      if (await this.isOrdered(lane)) await this.letNextGo(lane.subscriptionId, turns);
      else await this.letAllGo(lane);
    } catch (error) {
      turns.doubt();
      throw error;
    }
  }

  /** Leaves of what the table holds for a lane what may go now. */
  async sift(lane: Lane, content: LaneContent): Promise<LaneContent> {
    const ordered = content.due.filter(isOrdered);
    if (ordered.length === 0) return this.withNoneDue(lane, content);
    lane.turns ??= new LaneTurns();
    if (!(await this.isOrdered(lane))) return content;
    const sorted = await this.sort(
      lane,
      ordered.filter(({ id }) => !lane.isInFlight(id)),
    );
    await this.sequences.hold(this.asideOf(lane.turns, content, sorted).map(({ id }) => id));
    return this.withChecks(lane, this.remaining(lane, content, sorted));
  }

  private async sort(lane: Lane, candidates: readonly Ordered[]): Promise<Sorted> {
    const awaiting = await this.sequences.awaiting(
      lane.subscriptionId,
      candidates.map(({ eventId }) => eventId),
    );
    const heads = await this.sequences.heads([...new Set(candidates.map(({ sequence }) => sequence))]);
    const sorted: Sorted = { go: [], wait: [], later: [] };
    for (const delivery of candidates) {
      const head = heads.get(delivery.sequence);
      // Where there is none, somebody else has just ended it.
      if (head) sorted[this.fate(lane, delivery, head.id, awaiting)].push(delivery);
    }
    return sorted;
  }

  private fate(lane: Lane, { id, eventId, sequence }: Ordered, headId: string, awaiting: ReadonlySet<string>) {
    if (id !== headId) return 'wait';
    return awaiting.has(eventId) || lane.turns?.isUnderWay(sequence) ? 'later' : 'go';
  }

  /** Those that are first but may not stay so are left where they are, unless they are so many that they hide the others. */
  private asideOf(turns: LaneTurns, { more }: LaneContent, { wait, later }: Sorted): readonly Ordered[] {
    if (!more || later.length === 0) return wait;
    turns.setAside(this.clock.monotonic());
    return [...wait, ...later];
  }

  private remaining(lane: Lane, content: LaneContent, { go, wait, later }: Sorted): LaneContent {
    const may = new Set(go.map(({ id }) => id));
    const due = content.due.filter(({ id, sequence }) => sequence === null || may.has(id));
    // A page of what cannot go yet is not to be read again and again at once.
    const isProgress = wait.length + later.length > 0 || due.some(({ id }) => !lane.isInFlight(id));
    const more = content.more && isProgress;
    const isAwaited = (later.length > 0 && !content.more) || more !== content.more;
    const nextDueAt = Math.min(content.nextDueAt ?? Infinity, isAwaited ? this.clock.now() + AWAITED_MS : Infinity);
    return { ...content, due, more, nextDueAt: nextDueAt === Infinity ? null : nextDueAt };
  }

  /**
   * Those that wait are last in the table: where nothing that goes in order is before them, they wait for nobody, or
   * somebody was overlooked.
   */
  private withNoneDue(lane: Lane, content: LaneContent): LaneContent {
    const { turns } = lane;
    const isExplained = turns !== undefined && (turns.isBusy || turns.hasAside(this.clock.monotonic()));
    if (!content.othersWait || isExplained) return this.withChecks(lane, content);
    lane.turns ??= new LaneTurns();
    lane.turns.doubt();
    return { ...content, nextDueAt: this.clock.now() + AWAITED_MS };
  }

  /** While anything is pending, somebody looks from time to time. */
  private withChecks(lane: Lane, content: LaneContent): LaneContent {
    if (!lane.turns || (content.nextDueAt === null && !content.othersWait)) return content;
    const checkInMs = Math.max(AWAITED_MS, lane.turns.checkAt - this.clock.monotonic());
    return { ...content, nextDueAt: Math.min(content.nextDueAt ?? Infinity, this.clock.now() + checkInMs) };
  }

  /** Asked of the table where there is a doubt: what this process remembers may be older than what it has just read. */
  private async isOrdered({ preferences, subscriptionId }: Lane): Promise<boolean> {
    if (preferences.order !== undefined) return true;
    const [subscription] = await this.subscriptions.byIds([subscriptionId]);
    return subscription?.preferences.order !== undefined;
  }

  private async letNextGo(subscriptionId: string, turns: LaneTurns): Promise<void> {
    const ended = turns.takeEnded();
    const now = this.clock.monotonic();
    if (now < turns.checkAt) return this.letHeadsGo(ended);
    for (let names: string[] | undefined; names === undefined || names.length === NAMES_AT_ONCE;) {
      names = await this.sequences.names(subscriptionId, names?.at(-1), NAMES_AT_ONCE);
      await this.letHeadsGo(names);
    }
    turns.checked(now);
  }

  private async letHeadsGo(sequences: readonly string[]): Promise<void> {
    const heads = await this.sequences.heads(sequences);
    const waiting = [...heads.values()].filter(({ waits }) => waits);
    await this.sequences.letGo(
      waiting.map(({ id }) => id),
      this.clock.now(),
    );
  }

  /** The subscription no longer wants an order, or is gone. */
  private async letAllGo(lane: Lane): Promise<void> {
    const released = await this.sequences.letAnyGo(lane.subscriptionId, this.clock.now(), LET_GO_AT_ONCE);
    if (released < LET_GO_AT_ONCE) lane.turns = undefined;
  }
}

function isOrdered(delivery: DueDelivery): delivery is Ordered {
  return delivery.sequence !== null;
}
