import { Injectable } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { Lifecycle } from '../deliveries/lifecycle';
import { EventsRepository } from '../events/events.repository';
import { LaneNode } from '../lanes/lane-node';
import { Activity } from '../shared/activity';
import { Clock } from '../shared/clock';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { isActive, type Subscription } from '../subscriptions/subscription';
import { HeldEvents } from './held-events';
import type { Replay } from './replay';
import { nextStep } from './replay-step';
import { ReplaysRepository } from './replays.repository';

const EVENTS_PER_STEP = 500;
/** What a subscription may have pending before its replay waits: live events must not stand behind a million old ones. */
const MOST_PENDING = 1_000;
const WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Runs replays, step by step. Each step is one transaction that also says how far it got, so that whoever comes after a
 * crash goes on from there; and two that run the same replay for a moment cannot both take the same step.
 */
@Injectable()
export class ReplayRunner {
  private readonly running = new Set<string>();
  /** Those that were given to this node although it ran them already, so that it makes sure before it lets them go. */
  private readonly givenAgain = new Set<string>();
  private looking = false;
  private lookAgain = false;
  private stopped = false;

  constructor(
    private readonly repository: ReplaysRepository,
    private readonly held: HeldEvents,
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly known: KnownSubscriptions,
    private readonly node: LaneNode,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
  ) {
    node.onHeartbeat(({ replaysWaiting }) => {
      if (replaysWaiting) this.look();
      return Promise.resolve();
    });
  }

  /** Takes what nobody runs. */
  look(): void {
    this.lookAgain = true;
    if (this.looking || this.stopped) return;
    this.looking = true;
    void this.activity.track(async () => {
      try {
        while (this.lookAgain && !this.stopped) await this.take();
      } catch (error) {
        this.lifecycle.emit({ type: 'engine.failed', doing: 'looking for replays', error });
        // The table may say that this node has them, so that no heartbeat sees them waiting.
        this.clock.after(LONGEST_WAIT_MS, () => this.look());
      } finally {
        this.looking = false;
      }
    });
  }

  /** Takes no further step. */
  stop(): void {
    this.stopped = true;
  }

  private async take(): Promise<void> {
    // Whoever asks from now on may ask for something that is not to be seen yet.
    this.lookAgain = false;
    await this.held.release();
    for (const replay of await this.repository.claim(this.node.id)) this.begin(replay.id);
  }

  private begin(id: string): void {
    if (this.running.has(id)) return void this.givenAgain.add(id);
    this.running.add(id);
    this.goOn(id, WAIT_MS);
  }

  private letGo(id: string): void {
    this.running.delete(id);
    if (this.givenAgain.delete(id)) this.begin(id);
  }

  private goOn(id: string, waitMs: number): void {
    if (this.stopped) return;
    void this.activity.track(async () => {
      const next = await this.step(id);
      if (this.stopped) return;
      if (next === 'done') return this.letGo(id);
      if (next === 'on') return this.goOn(id, WAIT_MS);
      this.clock.after(waitMs, () => this.goOn(id, Math.min(waitMs * 2, LONGEST_WAIT_MS)));
    });
  }

  private async step(id: string): Promise<'on' | 'wait' | 'done'> {
    try {
      const replay = await this.repository.running(id, this.node.id);
      return replay ? await this.stepOf(replay) : 'done';
    } catch (error) {
      this.lifecycle.emit({ type: 'engine.failed', doing: `replaying ${id}`, error });
      return 'wait';
    }
  }

  private async isFull({ id, preferences }: Subscription): Promise<boolean> {
    // There, later events wait for the replay to have come past them: to wait for them would be to wait for ever.
    if (preferences.order !== undefined) return false;
    return (await this.deliveries.countPending(id, MOST_PENDING)) >= MOST_PENDING;
  }

  private async stepOf(replay: Replay): Promise<'on' | 'wait' | 'done'> {
    const subscription = await this.known.get(replay.subscriptionId);
    if (!subscription) {
      await this.repository.cancel(replay.id, this.clock.now());
      return 'done';
    }
    if (!isActive(subscription) || (await this.isFull(subscription))) return 'wait';
    const mayGet = subscription.tenant === null || subscription.acrossTenants ? undefined : subscription.tenant;
    const events = await this.events.between(replay.reached, replay.until, EVENTS_PER_STEP, mayGet);
    const known = await this.deliveries.ofEvents(
      subscription.id,
      events.map((event) => event.id),
    );
    const last = events.length < EVENTS_PER_STEP;
    const step = { ...nextStep(replay, { subscription, events, known, now: this.clock.now() }), last };
    const advanced = await this.repository.advance(replay, step, this.node.id);
    await this.node.claim([replay.subscriptionId]);
    return advanced && last ? 'done' : 'on';
  }
}
