import { Clock, type Timer } from '../shared/clock';

/** One timer that sleeps until the earliest of the times it was set to. */
export class Alarm {
  private timer: Timer | undefined;
  private ringsAt = Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Rings at `time` (of the monotonic clock) at the latest. */
  setAt(time: number): void {
    if (time >= this.ringsAt) return;
    this.timer?.cancel();
    this.ringsAt = time;
    this.timer = this.clock.after(time - this.clock.monotonic(), () => {
      this.ringsAt = Infinity;
      this.ring();
    });
  }

  cancel(): void {
    this.timer?.cancel();
    this.ringsAt = Infinity;
  }
}
