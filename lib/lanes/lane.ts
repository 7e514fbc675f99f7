import type { DueDelivery } from '../deliveries/delivery';
import type { LaneContent } from '../deliveries/deliveries.repository';
import type { Clock } from '../shared/clock';
import type { Preferences } from '../subscriptions/preferences';
import { DueBuffer } from './due-buffer';
import { InFlight } from './in-flight';
import { sequencesOf, type LaneTurns } from './lane-turns';
import { RefillWatch } from './refill-watch';
import { FIRST_PACE, type Pace } from './pace';
import { Wishes } from './wishes';

/** How many due deliveries one lane keeps in memory; the rest stay in the table. */
export const LANE_BUFFER_SIZE = 256;

/** How many times what may be in flight a refill brings. */
const REFILLED_WINDOWS = 8;

/**
 * The queue of one subscription's deliveries, as its owner holds it in memory. Pure bookkeeping, by the process's monotonic
 * clock, so that a wall clock that is set back stops nothing.
 */
export class Lane {
  pace: Pace = FIRST_PACE;
  /** How its subscription wants its deliveries, as of the last refill; every lane begins with one. */
  preferences: Preferences = {};
  readonly wishes = new Wishes();
  /** Where deliveries go in order; undefined where none does. */
  turns: LaneTurns | undefined;
  /** Whether it waits in the worker's ring for a slot. */
  enlisted = false;
  /** Whether its subscription is disabled or suspended. */
  held = false;
  /** Whether the worker no longer owns it. */
  lost = false;
  /** Since when it has had nothing to do; Infinity while it has. */
  idleSince = Infinity;
  /** How often it was called, so that an attempt knows whether it was while it was under way. */
  calls = 0;

  private readonly refill = new RefillWatch();
  private readonly buffer = new DueBuffer();
  private readonly inFlight = new InFlight();
  /** Whether the table may hold due deliveries that the buffer does not. */
  private more: boolean;
  private nextDueAt: number | null = null;

  constructor(
    readonly subscriptionId: string,
    /** Whether the table may hold deliveries already. */
    more: boolean,
  ) {
    this.more = more;
  }

  get buffered(): number {
    return this.buffer.size;
  }

  /** Takes in a delivery that was just stored, or remembers that the table holds it. */
  offer(delivery: DueDelivery, roomForMore: boolean): void {
    const isFull = this.buffered >= Math.max(LANE_BUFFER_SIZE, this.wishes.fullSize) || !roomForMore;
    // In order, only the table knows whose turn it is.
    if (this.more || delivery.sequence !== null || this.refill.mayKnowOffers || isFull) this.more = true;
    else this.buffer.push(delivery);
  }

  /** The table holds something for this lane. */
  call(): void {
    this.calls += 1;
    this.held = false;
    this.more = true;
    // What was just stored may be before what is in memory.
    if (this.turns) this.buffer.drop(({ sequence }) => sequence !== null);
  }

  /** Its subscription has changed, or what it is owed: nothing counts that was learnt of the endpoint and of the table. */
  callAnew(): void {
    this.pace = FIRST_PACE;
    this.turns?.doubt();
    this.call();
    this.refill.outdate();
    this.buffer.fill([]);
  }

  /** How its subscription wants its deliveries from now on. */
  prefer(preferences: Preferences, clock: Clock): void {
    this.preferences = preferences;
    this.wishes.follow(preferences, clock);
  }

  /** Keeps it from being given back, and from taking in twice what is being stored. */
  pin(): void {
    this.refill.pin();
  }
  unpin(): void {
    this.refill.unpin();
  }

  get pinned(): boolean {
    return this.refill.pinned;
  }

  /** The table will hold a due delivery at this time. */
  callAt(dueAt: number): void {
    this.nextDueAt = Math.min(this.nextDueAt ?? dueAt, dueAt);
  }

  /** Whether it has a delivery to start now, and may. */
  canStart(now: number): boolean {
    return this.buffered > 0 && this.mayStart(now) && this.wishes.readyAt(this.buffer) <= now;
  }

  /** Whether the table should be read for it now. */
  wantsRefill(now: number): boolean {
    if (this.nextDueAt !== null && this.nextDueAt <= now) this.more = true;
    return this.more && this.buffered < this.wishes.fullSize && !this.refill.isRunning && this.mayStart(now);
  }

  /** When it has to be looked at again with no event in between; undefined when only an event can help. */
  wakeAt(): number | undefined {
    if (this.held || this.lost) return undefined;
    const readyAt = this.buffered > 0 ? this.wishes.readyAt(this.buffer) : Infinity;
    const refillAt = this.buffered < this.wishes.fullSize ? (this.more ? 0 : (this.nextDueAt ?? Infinity)) : Infinity;
    const workAt = Math.min(readyAt, refillAt);
    return workAt === Infinity ? undefined : Math.max(workAt, this.pace.pausedUntil);
  }

  /** What the next request carries, which is in flight from here on. */
  take(): DueDelivery[] {
    const deliveries = this.wishes.take(this.buffer);
    this.inFlight.add(deliveries);
    sequencesOf(deliveries).forEach((sequence) => this.turns?.begin(sequence));
    return deliveries;
  }

  /** They are no longer in flight, and the table says what became of them. */
  settle(deliveries: readonly DueDelivery[]): void {
    this.inFlight.remove(deliveries);
    const sequences = sequencesOf(deliveries);
    sequences.forEach((sequence) => this.turns?.end(sequence));
    this.more ||= sequences.length > 0;
  }

  isInFlight(deliveryId: string): boolean {
    return this.inFlight.has(deliveryId);
  }

  /** Its subscription takes nothing now: let go of what is in memory until somebody calls. */
  hold(): void {
    this.held = true;
    this.more = true;
    this.buffer.fill([]);
  }

  /** What is in memory comes back with it: it is not enough, or nothing. */
  beginRefill(): void {
    this.buffer.fill([]);
    this.more = false;
    this.nextDueAt = null;
    this.refill.begin(this.inFlight.snapshot());
  }

  /**
   * How many deliveries a refill has to ask for: as many as its pace will soon need, so that lanes of dead endpoints
   * fill no memory, and those in flight, so that they do not hide all others. In order, most may have to wait.
   */
  get refillSize(): number {
    const wanted = this.turns ? LANE_BUFFER_SIZE : this.pace.window * REFILLED_WINDOWS;
    return Math.max(Math.min(wanted, LANE_BUFFER_SIZE), this.wishes.fullSize) + this.inFlight.size;
  }

  endRefill({ due, more }: Pick<LaneContent, 'due' | 'more'>, nextDueAt: number | null): void {
    const known = this.refill.end();
    if (this.held || this.lost || !known) return;
    this.buffer.fill(due.filter(({ id }) => !known.has(id)));
    this.more ||= more;
    if (nextDueAt !== null) this.callAt(nextDueAt);
  }

  failRefill(retryAt: number): void {
    this.refill.fail();
    this.callAt(retryAt);
  }

  /** Notes whether it has anything to do. */
  watchIdleness(now: number): void {
    this.idleSince = this.idle ? Math.min(this.idleSince, now) : Infinity;
  }

  /** Whether nothing is known of it that is still to be done. */
  private get idle(): boolean {
    if (this.buffered > 0 || this.inFlight.size > 0 || this.refill.isRunning) return false;
    return !this.more && this.nextDueAt === null;
  }

  private mayStart(now: number): boolean {
    return !this.held && !this.lost && this.pace.pausedUntil <= now && this.inFlight.hasRoom(this.pace.window);
  }
}
