import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import { EventsRepository } from '../events/events.repository';
import { Clock, MOST_DRIFT_MS } from '../shared/clock';
import { knownSince, type DeliveryMemory } from './known-since';
import { newReplay } from './replay';
import { ReplaysRepository, type HeldSubscription } from './replays.repository';

export abstract class HeldEventsOptions {
  /** How long events are held for a subscription that is off; 0 holds none. */
  abstract readonly holdMs: number;
  /** How long it is known what was delivered; null for ever. */
  abstract readonly retention: DeliveryMemory | null;
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
    let last: HeldSubscription | undefined;
    do {
      const next = await this.repository.heldThoughOn(last);
      for (const held of next) await this.attempt(held);
      last = next.at(-1);
    } while (last);
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
    // What others have dated later than now counts as well: what is not missing is not sent again.
    const span = { from: this.beginningFor(held, now), to: now + MOST_DRIFT_MS };
    const replay = newReplay(held, { ...span, only: 'missing' }, { now, newestEventId: newest?.id });
    await this.repository.release(held, holdMs > 0 ? replay : null);
  }

  private beginningFor({ since, offSince }: HeldSubscription, now: number): number {
    const { holdMs, retention } = this.options;
    // From when it was on, only what it is known of that it was not delivered; while it was off, nothing was.
    const missedSince = Math.max(since, Math.min(offSince, knownSince(now, retention)));
    return Math.min(Math.max(missedSince, now - holdMs), now);
  }
}
