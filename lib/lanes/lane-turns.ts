import type { DueDelivery } from '../deliveries/delivery';

/** However the end of a delivery was missed, nobody waits longer for it than this. */
const CHECKED_EVERY_MS = 60_000;
/** For how long those are set aside that wait for what is not there yet, before they are looked at again. */
const ASIDE_MS = 5_000;

/** What a lane's owner remembers of the deliveries that go in order. All its times are those of the monotonic clock. */
export class LaneTurns {
  private readonly underWay = new Set<string>();
  private ended = new Set<string>();
  /** When all sequences have to be looked at: whatever ended while somebody else had the lane was seen by nobody. */
  checkAt = -Infinity;
  private asideUntil = -Infinity;

  /** A delivery of this sequence is being made. */
  begin(sequence: string): void {
    this.underWay.add(sequence);
  }

  /** It no longer is, and may have ended. */
  end(sequence: string): void {
    this.underWay.delete(sequence);
    this.ended.add(sequence);
  }

  get isBusy(): boolean {
    return this.underWay.size > 0;
  }

  isUnderWay(sequence: string): boolean {
    return this.underWay.has(sequence);
  }

  /** The sequences whose next delivery may go; none of them is told of again. */
  takeEnded(): string[] {
    const ended = [...this.ended];
    this.ended = new Set();
    return ended;
  }

  /** Something may have ended that this owner does not know of. */
  doubt(): void {
    this.checkAt = -Infinity;
  }

  checked(now: number): void {
    this.checkAt = now + CHECKED_EVERY_MS;
  }

  /** Some wait in the table although nobody is before them, until all are looked at soon. */
  setAside(now: number): void {
    if (!this.hasAside(now)) this.asideUntil = now + ASIDE_MS;
    this.checkAt = Math.min(this.checkAt, this.asideUntil);
  }

  hasAside(now: number): boolean {
    return now < this.asideUntil;
  }
}

/** The sequences that these are in; most are in none. */
export function sequencesOf(deliveries: readonly DueDelivery[]): string[] {
  return deliveries.map(({ sequence }) => sequence).filter((sequence) => sequence !== null);
}
