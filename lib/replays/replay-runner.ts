import { Injectable } from '@nestjs/common';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { Lifecycle } from '../deliveries/lifecycle';
import { EventsRepository } from '../events/events.repository';
import { LaneNode } from '../lanes/lane-node';
import { Activity } from '../shared/activity';
import { Clock } from '../shared/clock';
import { durationInWords } from '../shared/duration';
import { KnownSubscriptions } from '../subscriptions/known-subscriptions';
import { isActive, type Subscription } from '../subscriptions/subscription';
import { HeldEvents } from './held-events';
import { PastPayloads } from './past-payloads';
import type { Replay } from './replay';
import { nextStep } from './replay-step';
import { ReplaysRepository } from './replays.repository';
import { Turns } from './turns';

/** Few, because everything else on the database waits for as long as a step takes. */
const EVENTS_PER_STEP = 50;
/** What a subscription may have pending before its replay waits: live events must not stand behind a million old ones. */
const MOST_PENDING = 1_000;
/** How many replays take a step at once, so that thousands of them leave connections for everything else. */
const MOST_STEPS_AT_ONCE = 2;
const WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

export abstract class ReplayRunnerOptions {
  /** How many deliveries one replay makes due in a second, at the most. */
  abstract readonly replayPerSecond: number;
  /** How long a replay waits for a subscription that is off. */
  abstract readonly holdMs: number;
}

/** What to do after a step: nothing, look again later, or go on in keeping with how many deliveries it made due. */
type Next = 'done' | 'wait' | { readonly scheduled: number };

/**
 * Runs replays, step by step. Each step is one transaction that also says how far it got, so that whoever comes after a
 * crash goes on from there; and two that run the same replay for a moment cannot both take the same step.
 */
@Injectable()
export class ReplayRunner {
  /** Whose they are, by their ids. */
  private readonly running = new Map<string, string>();
  private readonly turns = new Turns(MOST_STEPS_AT_ONCE);
  /** Those that were given to this node although it ran them already, so that it makes sure before it lets them go. */
  private readonly givenAgain = new Set<string>();
  private looking = false;
  private lookAgain = false;
  private stopped = false;

  constructor(
    private readonly repository: ReplaysRepository,
    private readonly held: HeldEvents,
    private readonly payloads: PastPayloads,
    private readonly events: EventsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly known: KnownSubscriptions,
    private readonly node: LaneNode,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
    private readonly options: ReplayRunnerOptions,
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
    for (const { id, tenant } of await this.repository.claim(this.node.id)) this.begin(id, tenant ?? '');
  }

  private begin(id: string, tenant: string): void {
    if (this.running.has(id)) return void this.givenAgain.add(id);
    this.running.set(id, tenant);
    this.goOn(id, WAIT_MS);
  }

  private letGo(id: string, tenant: string): void {
    this.running.delete(id);
    if (this.givenAgain.delete(id)) this.begin(id, tenant);
  }

  private goOn(id: string, waitMs: number): void {
    if (this.stopped) return;
    void this.activity.track(async () => {
      const startedAt = this.clock.monotonic();
      const tenant = this.running.get(id)!;
      const next = await this.turns.take(tenant, () => this.step(id));
      if (this.stopped) return;
      if (next === 'done') return this.letGo(id, tenant);
      if (next === 'wait') {
        return void this.clock.after(waitMs, () => this.goOn(id, Math.min(waitMs * 2, LONGEST_WAIT_MS)));
      }
      const restMs = (1_000 * next.scheduled) / this.options.replayPerSecond - (this.clock.monotonic() - startedAt);
      if (restMs > 0) this.clock.after(restMs, () => this.goOn(id, WAIT_MS));
      else this.goOn(id, WAIT_MS);
    });
  }

  private async step(id: string): Promise<Next> {
    if (this.stopped) return 'wait';
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

  private async stepOf(replay: Replay): Promise<Next> {
    const subscription = await this.known.get(replay.subscriptionId);
    if (!subscription) return this.cancel(replay, 'its subscription was removed');
    if (!isActive(subscription)) return this.waitFor(replay);
    if (replay.waitingSince !== null) await this.repository.wait(replay.id, null);
    if (await this.isFull(subscription)) return 'wait';
    const owner = replay.eventsOf ?? (subscription.acrossTenants ? null : subscription.tenant);
    const most = Math.min(EVENTS_PER_STEP, this.options.replayPerSecond);
    const events = await this.events.between(replay.reached, replay.until, most, owner ?? undefined);
    const known = await this.deliveries.ofEvents(
      subscription.id,
      events.map((event) => event.id),
    );
    const last = events.length < most;
    const declined = await this.payloads.declined(subscription, events);
    const material = { subscription, events, declined, known, now: this.clock.now() };
    const step = { ...nextStep(replay, material), last };
    const advanced = await this.repository.advance(replay, step, this.node.id);
    await this.node.claim([replay.subscriptionId]);
    if (!advanced) return { scheduled: 0 };
    return last ? 'done' : { scheduled: step.missing.length + step.again.length };
  }
  /** What waits keeps its tenant's events from retention, so that it waits no longer than events are held. */
  private async waitFor(replay: Replay): Promise<'wait' | 'done'> {
    const { holdMs } = this.options;
    const now = this.clock.now();
    const since = replay.waitingSince ?? now;
    if (now - since >= holdMs) {
      return this.cancel(replay, `its subscription was off for ${durationInWords(holdMs)}`);
    }
    if (replay.waitingSince === null) await this.repository.wait(replay.id, now);
    return 'wait';
  }

  private async cancel({ id }: Replay, reason: string): Promise<'done'> {
    await this.repository.cancel(id, { now: this.clock.now(), reason });
    return 'done';
  }
}
