import type { DueDelivery } from '../deliveries/delivery';
import type { LaneContent } from '../deliveries/deliveries.repository';
import type { Clock } from '../shared/clock';
import type { Preferences } from '../subscriptions/preferences';
import { DueBuffer } from './due-buffer';
import { InFlight } from './in-flight';
import { FIRST_PACE, type Pace } from './pace';
import { Wishes } from './wishes';

/** How many due deliveries one lane keeps in memory; the rest stay in the table. */
export const LANE_BUFFER_SIZE = 256;

/** How many times what may be in flight a refill brings. */
const REFILLED_WINDOWS = 8;

/**
 * The queue of one subscription's deliveries, as its owner holds it in memory. Pure bookkeeping. All its times are those
 * of the process's monotonic clock, so that a wall clock that is set back stops nothing.
 */
export class Lane {
  pace: Pace = FIRST_PACE;
  /** How its subscription wants its deliveries, as of the last refill; every lane begins with one. */
  preferences: Preferences = {};
  readonly wishes = new Wishes();
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

  /** How many fan-outs are storing deliveries that it will be offered. */
  private pins = 0;
  /** Whether a refill may have read what a fan-out that is under way has stored. */
  private refilledWhilePinned = false;
  private readonly buffer = new DueBuffer();
  private readonly inFlight = new InFlight();
  /** Whether the table may hold due deliveries that the buffer does not. */
  private more: boolean;
  private nextDueAt: number | null = null;
  /** The deliveries that were in flight when a refill began, and may come back with it. */
  private inFlightAtRefill: ReadonlySet<string> | undefined;
  /** Whether the refill under way may know the subscription as it was. */
  private refillIsOld = false;

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
    const mayBeKnown = this.inFlightAtRefill !== undefined || this.refilledWhilePinned;
    const isFull = this.buffered >= Math.max(LANE_BUFFER_SIZE, this.wishes.fullSize) || !roomForMore;
    if (this.more || mayBeKnown || isFull) this.more = true;
    else this.buffer.push(delivery);
  }

  /** The table holds something for this lane. */
  call(): void {
    this.calls += 1;
    this.held = false;
    this.more = true;
  }

  /** Its subscription has changed, or what it is owed: nothing counts that was learnt of the endpoint and of the table. */
  callAnew(): void {
    this.pace = FIRST_PACE;
    this.call();
    this.refillIsOld = this.inFlightAtRefill !== undefined;
    this.buffer.fill([]);
  }

  /** How its subscription wants its deliveries from now on. */
  prefer(preferences: Preferences, clock: Clock): void {
    this.preferences = preferences;
    this.wishes.follow(preferences, clock);
  }

  /** Keeps it from being given back, and from taking in twice what is being stored. */
  pin(): void {
    this.pins += 1;
  }

  unpin(): void {
    this.pins -= 1;
    if (this.pins === 0) this.refilledWhilePinned = false;
  }

  get pinned(): boolean {
    return this.pins > 0;
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
    return this.more && this.buffered < this.wishes.fullSize && !this.inFlightAtRefill && this.mayStart(now);
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
    return deliveries;
  }

  /** They are no longer in flight, and the table says what became of them. */
  settle(deliveries: readonly DueDelivery[]): void {
    this.inFlight.remove(deliveries);
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
    this.inFlightAtRefill = this.inFlight.snapshot();
  }

  /**
   * How many deliveries a refill has to ask for: as many as its pace will soon need, so that lanes of dead endpoints
   * fill no memory, and those in flight, so that they do not hide all others.
   */
  get refillSize(): number {
    const soon = Math.min(this.pace.window * REFILLED_WINDOWS, LANE_BUFFER_SIZE);
    return Math.max(soon, this.wishes.fullSize) + this.inFlight.size;
  }

  endRefill({ due, more }: Pick<LaneContent, 'due' | 'more'>, nextDueAt: number | null): void {
    const known = this.inFlightAtRefill;
    this.inFlightAtRefill = undefined;
    this.refilledWhilePinned ||= this.pinned;
    const isOld = this.refillIsOld;
    this.refillIsOld = false;
    if (this.held || this.lost || isOld) return;
    this.buffer.fill(due.filter(({ id }) => !known?.has(id)));
    this.more ||= more;
    if (nextDueAt !== null) this.callAt(nextDueAt);
  }

  failRefill(retryAt: number): void {
    this.inFlightAtRefill = undefined;
    this.refillIsOld = false;
    this.callAt(retryAt);
  }

  /** Notes whether it has anything to do. */
  watchIdleness(now: number): void {
    this.idleSince = this.idle ? Math.min(this.idleSince, now) : Infinity;
  }

  /** Whether nothing is known of it that is still to be done. */
  private get idle(): boolean {
    return (
      this.buffered === 0 && this.inFlight.size === 0 && !this.more && this.nextDueAt === null && !this.inFlightAtRefill
    );
  }

  private mayStart(now: number): boolean {
    return !this.held && !this.lost && this.pace.pausedUntil <= now && this.inFlight.hasRoom(this.pace.window);
  }
}
