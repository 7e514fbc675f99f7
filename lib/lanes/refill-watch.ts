/** Follows the refills of one lane, so that nothing gets into memory twice, and nothing that is out of date. */
export class RefillWatch {
  /** How many fan-outs are storing deliveries that the lane will be offered. */
  private pins = 0;
  /** Whether a refill may have read what a fan-out that is under way has stored. */
  private refilledWhilePinned = false;
  /** The deliveries that were in flight when the refill began, and may come back with it. */
  private inFlight: ReadonlySet<string> | undefined;
  private outdated = false;

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

  /** Whether one is under way. */
  get isRunning(): boolean {
    return this.inFlight !== undefined;
  }

  /** Whether a refill brings, or has brought, what is being offered. */
  get mayKnowOffers(): boolean {
    return this.isRunning || this.refilledWhilePinned;
  }

  begin(inFlight: ReadonlySet<string>): void {
    this.inFlight = inFlight;
    this.outdated = false;
  }

  /** What the refill under way brings may be older than what has just changed. */
  outdate(): void {
    this.outdated = this.isRunning;
  }

  /** The refill has brought something; answers what of it is in flight, and nothing where all of it is out of date. */
  end(): ReadonlySet<string> | undefined {
    const { inFlight, outdated } = this;
    this.refilledWhilePinned ||= this.pinned;
    this.fail();
    return outdated ? undefined : inFlight;
  }

  /** The refill has brought nothing. */
  fail(): void {
    this.inFlight = undefined;
    this.outdated = false;
  }
}
