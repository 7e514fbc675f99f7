import type { DueDelivery } from '../deliveries/delivery';
import type { LaneContent } from '../deliveries/deliveries.repository';
import type { Preferences } from '../subscriptions/preferences';
import type { LaneTurns } from './lane-turns';
import { FIRST_PACE, type Pace } from './pace';

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

  /** How many fan-outs are storing deliveries that it will be offered. */
  private pins = 0;
  /** Whether a refill may have read what a fan-out that is under way has stored. */
  private refilledWhilePinned = false;
  private buffer: DueDelivery[] = [];
  private next = 0;
  private readonly inFlight = new Set<string>();
  /** Whether the table may hold due deliveries that the buffer does not. */
  private more: boolean;
  private nextDueAt: number | null = null;
  /** The deliveries that were in flight when a refill began, and may come back with it. */
  private inFlightAtRefill: ReadonlySet<string> | undefined;

  constructor(
    readonly subscriptionId: string,
    /** Whether the table may hold deliveries already. */
    more: boolean,
  ) {
    this.more = more;
  }

  get buffered(): number {
    return this.buffer.length - this.next;
  }

  /** Takes in a delivery that was just stored, or remembers that the table holds it. */
  offer(delivery: DueDelivery, roomForMore: boolean): void {
    const mayBeKnown = this.inFlightAtRefill !== undefined || this.refilledWhilePinned;
    // Whose turn it is only the table knows.
    const mayWait = delivery.sequence !== null;
    if (this.more || mayWait || mayBeKnown || this.buffered >= LANE_BUFFER_SIZE || !roomForMore) this.more = true;
    else this.buffer.push(delivery);
  }

  /** The table holds something for this lane. */
  call(): void {
    this.calls += 1;
    this.held = false;
    this.more = true;
    // What was just stored may be before what is in memory.
    if (this.turns) this.keep(this.buffer.slice(this.next).filter(({ sequence }) => sequence === null));
  }

  /** Its subscription has changed: what was learnt of the endpoint no longer counts. */
  callAnew(): void {
    this.pace = FIRST_PACE;
    this.turns?.doubt();
    this.call();
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
    return this.buffered > 0 && this.mayStart(now);
  }

  /** Whether the table should be read for it now. */
  wantsRefill(now: number): boolean {
    if (this.nextDueAt !== null && this.nextDueAt <= now) this.more = true;
    return this.more && this.buffered === 0 && !this.inFlightAtRefill && this.mayStart(now);
  }

  /** When it has to be looked at again with no event in between; undefined when only an event can help. */
  wakeAt(): number | undefined {
    if (this.held || this.lost) return undefined;
    const workAt = this.buffered > 0 || this.more ? 0 : this.nextDueAt;
    return workAt === null ? undefined : Math.max(workAt, this.pace.pausedUntil);
  }

  /** The next delivery, which is in flight from here on. */
  take(): DueDelivery {
    const delivery = this.buffer[this.next++]!;
    if (this.buffered === 0) this.keep([]);
    this.inFlight.add(delivery.id);
    if (delivery.sequence !== null) this.turns?.begin(delivery.sequence);
    return delivery;
  }

  /** The delivery is no longer in flight, and the table says what became of it. */
  settle(delivery: DueDelivery): void {
    this.inFlight.delete(delivery.id);
    if (delivery.sequence === null) return;
    this.turns?.end(delivery.sequence);
    this.more = true;
  }

  isInFlight(deliveryId: string): boolean {
    return this.inFlight.has(deliveryId);
  }

  /** Its subscription takes nothing now: let go of what is in memory until somebody calls. */
  hold(): void {
    this.held = true;
    this.more = true;
    this.keep([]);
  }

  beginRefill(): void {
    this.more = false;
    this.nextDueAt = null;
    this.inFlightAtRefill = new Set(this.inFlight);
  }

  /**
   * How many deliveries a refill has to ask for: as many as its pace will soon need, so that lanes of dead endpoints
   * fill no memory, and those in flight, so that they do not hide all others. In order, most may have to wait.
   */
  get refillSize(): number {
    const wanted = this.turns ? LANE_BUFFER_SIZE : this.pace.window * REFILLED_WINDOWS;
    return Math.min(wanted, LANE_BUFFER_SIZE) + this.inFlight.size;
  }

  endRefill({ due, more }: Pick<LaneContent, 'due' | 'more'>, nextDueAt: number | null): void {
    const known = this.inFlightAtRefill;
    this.inFlightAtRefill = undefined;
    this.refilledWhilePinned ||= this.pinned;
    if (this.held || this.lost) return;
    this.keep(due.filter(({ id }) => !known?.has(id)));
    this.more ||= more;
    if (nextDueAt !== null) this.callAt(nextDueAt);
  }

  failRefill(retryAt: number): void {
    this.inFlightAtRefill = undefined;
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

  private keep(deliveries: DueDelivery[]): void {
    this.buffer = deliveries;
    this.next = 0;
  }

  private mayStart(now: number): boolean {
    return !this.held && !this.lost && this.pace.pausedUntil <= now && this.inFlight.size < this.pace.window;
  }
}
