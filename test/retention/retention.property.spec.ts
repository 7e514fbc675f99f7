import fc from 'fast-check';
import { Lifecycle } from '../../lib/deliveries/lifecycle';
import { Retention } from '../../lib/retention/retention';
import type { RetentionLimits } from '../../lib/retention/retention-limits';
import { RetentionRepository } from '../../lib/retention/retention.repository';
import { ReplayRunner } from '../../lib/replays/replay-runner';
import { Activity } from '../../lib/shared/activity';
import { Database } from '../../lib/storage/database';
import { LaneNode } from '../../lib/lanes/lane-node';
import { describeEachDatabase } from '../support/databases';
import { hostForEach, type Host } from '../support/host';
import { limits, settle, worldAt, type OldDelivery, type OldEvent, type OldReplay, type World } from './world';

/** What the tables hold, as far as it matters here. */
interface Remains {
  /** By id, each with whether its payload is there. */
  readonly events: Record<string, boolean>;
  /** By id, each with the answers of its attempts. */
  readonly deliveries: Record<string, (string | null)[]>;
  readonly replays: string[];
}

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

/** What may go and what may not, said once more in other words. */
function expected({ events, replays }: World, kept: RetentionLimits): Remains {
  const running = replays.filter((each) => each.running);
  const isBefore = ({ id }: OldEvent, each: OldReplay) => id > each.reached && id < each.until;
  const replayed = (event: OldEvent) =>
    running.some((each) => isBefore(event, each) && (each.eventsOf === null || each.eventsOf === event.tenant));
  const owedAgain = (event: OldEvent, subscription: number) =>
    running.some((each) => isBefore(event, each) && each.subscription === subscription);
  const tooOld = ({ state, overMs }: OldDelivery) =>
    state !== 'pending' && overMs >= (state === 'failed' ? kept.failedMs : kept.deliveredMs);
  const left = events.map((event) => ({
    ...event,
    deliveries: event.deliveries.filter((each) => !tooOld(each) || owedAgain(event, each.subscription)),
  }));
  const isKept = (event: OldEvent) =>
    !event.fannedOut || event.ageMs < kept.eventMs || event.deliveries.length > 0 || replayed(event);
  const needsPayload = (event: OldEvent) =>
    !event.fannedOut ||
    kept.payloadMs === null ||
    event.ageMs < kept.payloadMs ||
    replayed(event) ||
    event.deliveries.some(({ state }) => state === 'pending');
  const keepsAnswers = ({ state, overMs }: OldDelivery) =>
    state === 'pending' || kept.answerMs === null || overMs < kept.answerMs;
  const longest = Math.max(kept.deliveredMs, kept.failedMs, kept.eventMs);
  return {
    events: Object.fromEntries(left.filter(isKept).map((event) => [event.id, needsPayload(event)])),
    deliveries: Object.fromEntries(
      left.flatMap(({ deliveries }) =>
        deliveries.map((each) => [
          each.id,
          Array<string | null>(each.attempts).fill(keepsAnswers(each) ? 'busy' : null),
        ]),
      ),
    ),
    replays: replays
      .filter((each) => each.running || each.ageMs < longest)
      .sort(byId)
      .map(({ id }) => id),
  };
}

async function remains(database: Database): Promise<Remains> {
  const read = <Row>(columns: string, table: string) =>
    database.read<Row>({ sql: `SELECT ${columns} FROM ${database.table(table)}`, params: [] });
  const attempts = await read<{ delivery: string; body: string | null }>(
    'delivery_id AS delivery, response_body AS body',
    'attempt',
  );
  const deliveries = await read<{ id: string }>('id', 'delivery');
  const ofOthers = attempts.filter(({ delivery }) => !deliveries.some(({ id }) => id === delivery));
  const events = await read<{ id: string; payload: string }>('id, payload', 'event');
  return {
    events: Object.fromEntries(events.map(({ id, payload }) => [id, payload !== ''])),
    deliveries: Object.fromEntries(
      [...deliveries, ...ofOthers.map(({ delivery: id }) => ({ id }))].map(({ id }) => [
        id,
        attempts.filter(({ delivery }) => delivery === id).map(({ body }) => body),
      ]),
    ),
    replays: (await read<{ id: string }>('id', 'replay')).sort(byId).map(({ id }) => id),
  };
}

function retentionOf({ app, clock }: Host, retention: RetentionLimits): Retention {
  return new Retention(app.get(RetentionRepository), app.get(Lifecycle), app.get(Activity), clock, { retention });
}

describeEachDatabase((database) => {
  const given = hostForEach(database, { webhooks: { retention: false } });

  it('takes away exactly what may go, whatever there is and however long it is kept', async () => {
    const { host } = given;
    // What is written here belongs to no lane, and is nobody's to run.
    host.app.get(LaneNode).stop();
    host.app.get(ReplayRunner).stop();
    const db = host.app.get(Database);
    await fc.assert(
      fc.asyncProperty(fc.record({ world: worldAt(host.clock.now()), limits }), async ({ world, limits: kept }) => {
        await settle(db, world, host.clock.now());
        retentionOf(host, kept).look();
        await host.clock.advance('10s');
        expect(await remains(db)).toEqual(expected(world, kept));
        host.clock.set(-10_000);
      }),
      { numRuns: 60 },
    );
  });
});
