import { Clock } from '../shared/clock';
import { Alarm } from './alarm';
import type { Lane } from './lane';

/** Lanes that nobody has to look at before a certain time; one timer for all of them. */
export class SleepingLanes {
  private readonly lanes = new Set<Lane>();
  private readonly alarm: Alarm;

  constructor(
    private readonly clock: Clock,
    /** Called when a lane has to be looked at again, and then `afterwards` once. */
    private readonly wakeLane: (lane: Lane) => void,
    private readonly afterwards: () => void,
  ) {
    this.alarm = new Alarm(clock, () => this.wake());
  }

  /**
   * Sends a lane to sleep until it asks to be woken; one that only an event can help needs no bed.
   * @param now when it was found to have nothing to do
   */
  add(lane: Lane, now: number): void {
    const wakeAt = lane.wakeAt();
    // Work that is due already waits for an attempt in flight or a refill to end, which places the lane again.
    if (wakeAt === undefined || wakeAt <= now) return;
    this.lanes.add(lane);
    this.alarm.setAt(wakeAt);
  }

  remove(lane: Lane): void {
    this.lanes.delete(lane);
  }

  /** Wakes every lane whose time has come. */
  wake(): void {
    const now = this.clock.monotonic();
    for (const lane of [...this.lanes]) {
      const wakeAt = lane.wakeAt();
      if (wakeAt !== undefined && wakeAt > now) this.alarm.setAt(wakeAt);
      else this.wakeLane(lane);
    }
    this.afterwards();
  }

  clear(): void {
    this.lanes.clear();
    this.alarm.cancel();
  }
}
