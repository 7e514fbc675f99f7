import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseHandle } from '../support/databases';
import type { TrafficEvent } from '../processes/traffic';
import { audit, type Fault, type Findings } from './audit';
import { Books } from './books';
import { Cast, type Entrance, type Player } from './cast';
import { CountingReceiver, keyOf, secretOf } from './counting-receiver';
import { owed, type Subscriber } from './market';
import type { Nursery } from './nursery';

/** How long everything that is owed may take to arrive once the last fault is over. */
const LONGEST_DRAIN_MS = 60_000;
/** How long the deliveries of new events may take while hosts are well. */
const LONGEST_DELAY_MS = 15_000;

/** Longer than a lease and the time-out of an attempt together. */
const STARVED_MS = 5_000;

/** What came of a scenario. */
export interface Result extends Findings {
  /** How many faults there were. */
  readonly faults: number;
  /** Whether everything was done with, with no help, soon after the last fault. */
  readonly recovered: boolean;
  /** How long that took, in seconds. */
  readonly recoverySeconds: number;
}

/** One database, its subscribers, the hosts that come and go, and the record of all that happens to them. */
export class Stage {
  readonly cast: Cast;
  private readonly faults: Fault[] = [];
  private readonly props: { end(): Promise<void> }[] = [];

  private constructor(
    readonly database: DatabaseHandle,
    readonly books: Books,
    readonly receiver: CountingReceiver,
    private readonly market: readonly Subscriber[],
    nursery: Nursery,
  ) {
    this.cast = new Cast(nursery, database.url);
  }

  static async set(database: DatabaseHandle, market: readonly Subscriber[], nursery: Nursery): Promise<Stage> {
    const receiver = new CountingReceiver(market);
    await receiver.listen();
    return new Stage(database, await Books.at(database), receiver, market, nursery);
  }

  get players(): readonly Player[] {
    return this.cast.players;
  }

  /** Puts one more host on the stage, which begins to publish; the first one brings the subscriptions. */
  async enter(entrance: Entrance = {}): Promise<Player> {
    const player = await this.cast.enter(entrance);
    if (this.cast.isFirst(player)) await player.process.call('subscribe', this.market.map(this.subscription));
    await this.cast.publish(player, entrance);
    return player;
  }

  /** Something that hosts depend on, and that has to last until all is over. */
  keep<Prop extends { end(): Promise<void> }>(prop: Prop): Prop {
    this.props.push(prop);
    return prop;
  }

  /** Kills a host. */
  async kill(player: Player): Promise<void> {
    this.cast.leave(player);
    this.receiver.hit(player.name);
    await player.process.kill();
    await this.blame(player);
  }

  /** Lets a host shut down while it publishes and delivers. */
  async close(player: Player): Promise<void> {
    this.cast.leave(player);
    this.receiver.hit(player.name);
    await player.process.call('close');
    await player.process.call('endTraffic');
    await player.process.end();
    await this.blame(player);
  }

  /** Takes all processor time from a host for a while. */
  async stall(player: Player, lastsMs: number): Promise<void> {
    this.receiver.hit(player.name);
    player.process.pause();
    const pending = await this.books.pending();
    await pause(lastsMs);
    this.receiver.heal(player.name);
    this.faults.push({ senders: new Set([player.name]), pending, beganAt: Infinity, endedAt: performance.now() });
    player.process.resume();
  }

  /** Does something to all hosts, which stay alive; resolves when it is over. */
  async afflict(lastsMs: number, begin: () => unknown, end: () => unknown = () => undefined): Promise<void> {
    const beganAt = performance.now();
    await begin();
    const pending = await this.books.pending();
    await pause(lastsMs);
    const senders = new Set(this.players.map(({ name }) => name));
    this.faults.push({ senders, pending, beganAt, endedAt: performance.now() });
    await end();
  }

  /** Makes sure that what is published now arrives soon. */
  async goesOn(): Promise<void> {
    const fresh = await this.publishedFromNowOn(performance.now() + LONGEST_DELAY_MS);
    if (fresh.length === 0) throw new Error('Expected hosts to publish again, but none did.');
    const healthy = this.market.filter(({ manner }) => manner === 'prompt' || manner === 'slow');
    const keys = fresh.flatMap((event) => owed(healthy, event).map(({ path }) => keyOf({ path, eventId: event.id })));
    const late = await this.late(keys, performance.now() + LONGEST_DELAY_MS);
    if (late.length > 0) throw new Error(`${late.length} of ${keys.length} new deliveries were not made in time.`);
  }

  /** Resolves when nothing is owed any more, and tells what all this has come to. */
  async result(): Promise<Result> {
    const startedAt = performance.now();
    await this.cast.rest();
    const recovered = await this.drained(startedAt + LONGEST_DRAIN_MS);
    const recoverySeconds = (performance.now() - startedAt) / 1_000;
    await this.cast.end();
    return { ...(await this.findings()), faults: this.faults.length, recovered, recoverySeconds };
  }

  async strike(): Promise<void> {
    await this.cast.end();
    await Promise.all(this.props.map((prop) => prop.end()));
    await this.receiver.close();
    await this.books.close();
    await this.database.drop();
  }

  /** Notes what a host that is gone may be forgiven. */
  private async blame({ name }: Player): Promise<void> {
    const pending = await this.books.pending();
    this.faults.push({ senders: new Set([name]), pending, beganAt: Infinity, endedAt: Infinity });
  }

  /** What hosts publish within half a second, or later where they take longer to get going again. */
  private async publishedFromNowOn(deadline: number): Promise<readonly TrafficEvent[]> {
    const known = new Set(this.cast.accepted.map(({ id }) => id));
    for (;;) {
      await pause(500);
      const fresh = this.cast.accepted.filter(({ id }) => !known.has(id));
      if (fresh.length > 0 || performance.now() > deadline) return fresh;
    }
  }

  private async late(keys: readonly string[], deadline: number): Promise<readonly string[]> {
    for (;;) {
      const late = keys.filter((key) => !this.receiver.accepted.has(key));
      if (late.length === 0 || performance.now() > deadline) return late;
      await pause(20);
    }
  }

  private async drained(deadline: number): Promise<boolean> {
    while (await this.books.owesAnythingAt(this.receiver.url('/'))) {
      if (performance.now() > deadline) return false;
      await pause(100);
    }
    return true;
  }

  private async findings(): Promise<Findings> {
    return audit({
      market: this.market,
      publications: this.cast.said,
      stored: await this.books.events(),
      ledger: await this.books.ledger(),
      arrivals: this.receiver.arrivals,
      accepted: this.receiver.accepted,
      timedOut: await this.books.timedOut(),
      faults: [...this.faults, ...this.starvations()],
    });
  }

  /** Hosts that had no processor time for longer than their lease, on a busy machine, have stalled as well. */
  private starvations(): Fault[] {
    const wasMeant = ({ name, at }: { name: string; at: number }) =>
      this.faults.some(
        ({ senders, endedAt }) => senders.has(name) && at > endedAt - STARVED_MS && at < endedAt + STARVED_MS,
      );
    const losses = this.cast.leaseLosses.filter((loss) => !wasMeant(loss));
    return losses.map(({ name, at }) => ({
      senders: new Set([name]),
      pending: new Set<string>(),
      beganAt: at - STARVED_MS,
      endedAt: at,
      unplanned: true,
    }));
  }

  private readonly subscription = ({ path, tenant, topics }: Subscriber) => ({
    url: this.receiver.url(path),
    tenant,
    topics,
    secret: secretOf(path),
  });
}
