import { Injectable } from '@nestjs/common';
import { BacklogRepository } from '../deliveries/backlog.repository';
import { Lifecycle, type LifecycleEvent } from '../deliveries/lifecycle';
import { LaneWorker } from '../lanes/lane-worker';
import { OwnedLanes } from '../lanes/owned-lanes';
import { Clock } from '../shared/clock';
import { ObservedEngine, type BacklogState } from './observer';

const REREAD_AFTER_MS = 15_000;

/** What this process is doing, and what waits for it and all others. */
@Injectable()
export class EngineState extends ObservedEngine {
  private latest: Promise<BacklogState> | undefined;
  private readAt = -Infinity;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly worker: LaneWorker,
    private readonly lanes: OwnedLanes,
    private readonly repository: BacklogRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  get attemptsInFlight(): number {
    return this.worker.slotsTaken;
  }

  get lanesOwned(): number {
    return this.lanes.count;
  }

  subscribe(listener: (event: LifecycleEvent) => void): () => void {
    return this.lifecycle.subscribe(listener);
  }

  backlog(): Promise<BacklogState> {
    const now = this.clock.monotonic();
    if (this.latest && now - this.readAt < REREAD_AFTER_MS) return this.latest;
    this.readAt = now;
    return (this.latest = this.read());
  }

  private async read(): Promise<BacklogState> {
    try {
      const { pending, firstDueAt, suspended } = await this.repository.read();
      return { pending, ageMs: Math.max(0, this.clock.now() - (firstDueAt ?? Infinity)), suspended };
    } catch (error) {
      this.latest = undefined;
      this.lifecycle.emit({ type: 'engine.failed', doing: 'reading the backlog', error });
      throw error;
    }
  }
}
