import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import { EventsRepository } from '../events/events.repository';
import { Clock } from '../shared/clock';
import { newReplay } from './replay';
import { ReplaysRepository, type HeldSubscription } from './replays.repository';

export abstract class HeldEventsOptions {
  /** How long events are held for a subscription that is off; 0 holds none. */
  abstract readonly holdMs: number;
}

/**
 * Sends subscriptions that are on again what they have missed. Every event is stored anyway, so that holding events
 * costs nothing while nobody takes them: they are looked up when they are wanted.
 */
@Injectable()
export class HeldEvents {
  constructor(
    private readonly repository: ReplaysRepository,
    private readonly events: EventsRepository,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly options: HeldEventsOptions,
  ) {}

  /** Begins a replay for every subscription that is on again and has missed something. */
  async release(): Promise<void> {
    for (const held of await this.repository.heldThoughOn()) await this.attempt(held);
  }

  /** What fails for one of them keeps nothing from the others, and is done at a later look. */
  private async attempt(held: HeldSubscription): Promise<void> {
    try {
      await this.releaseFor(held);
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `releasing what is held for ${held.id}`, error });
    }
  }

  private async releaseFor(held: HeldSubscription): Promise<void> {
    const now = this.clock.now();
    const { holdMs } = this.options;
    const [newest] = (await this.events.list({ limit: 1 })).data;
    const wanted = { from: Math.min(Math.max(held.since, now - holdMs), now), only: 'missing' } as const;
    const replay = newReplay(held, wanted, { now, newestEventId: newest?.id });
    await this.repository.release(held, holdMs > 0 ? replay : null);
  }
}
