import { replayView } from '../../contracts/standard/replay.view';
import { MOST_RUNNING, newReplay, REPLAY_CHOICES, type Replay } from '../../replays/replay';
import { isActive, type Subscription } from '../../subscriptions/subscription';
import { isPattern } from '../../topics/pattern';
import { CommandError, UsageError, type Command, type ExitCode } from '../command';
import type { Given } from '../given';
import { counted } from '../layout';
import { progressOf } from '../replay-progress';
import { DATABASE_OPTIONS, withStore, type Store } from '../store';
import { shownTime } from '../times';
import type { Terminal } from '../terminal';

const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 500;

export const replay: Command = {
  name: 'replay',
  summary: 'send past events to a subscription, and see how far it gets',
  parameter: '[SUBSCRIPTION]',
  about: [
    'Running hosts carry it out, past crashes, some events at a time; only events that the subscription may get and whose ' +
      'topic it wants now are sent. Ctrl-C leaves it running.',
    '--only failed (the default) sends what has failed for good, missing what the subscription was never owed, all everything ' +
      'again. What is missing is known only as far back as deliveries are kept; --from is moved there.',
  ],
  options: [
    {
      name: 'from',
      value: 'TIME',
      help: 'Events from then on: 2026-01-31, 2026-01-31T08:00:00Z (UTC), or 2h ago as 2h.',
    },
    { name: 'to', value: 'TIME', help: 'Events until then. Default: now' },
    { name: 'topics', value: 'TOPICS', help: 'Only these, with commas between: order.shipped,invoice.*' },
    { name: 'only', value: 'CHOICE', help: `${REPLAY_CHOICES.join(', ')}. Default: failed` },
    { name: 'detach', help: 'Do not wait for its end.' },
    { name: 'watch', value: 'REPLAY', help: 'Begin nothing; show how far that one gets.' },
    { name: 'cancel', value: 'REPLAY', help: 'Begin nothing; end that one. What it has made due is delivered.' },
    { name: 'json', help: 'Answer the replay as JSON, as the standard API does.' },
    ...DATABASE_OPTIONS,
  ],
  examples: [
    'replay sub_019abc4e5f607b3d8a1c2e4f60718293 --from 1d',
    'replay 7 --from 2026-01-31 --topics order.* --only missing',
    'replay --cancel rpl_019abc4e5f607b3d8a1c2e4f60718293',
  ],
  async run(given, terminal) {
    const act = actionFrom(given);
    return withStore(given, terminal, (store) => act(store, terminal));
  },
};

type Action = (store: Store, terminal: Terminal) => Promise<ExitCode>;

/** Read whole before anything is opened, so that what is asked for wrongly touches nothing. */
function actionFrom(given: Given): Action {
  const [watched, canceled, json] = [given.text('watch'), given.text('cancel'), given.flag('json')];
  const asked = [given.parameter, watched, canceled].filter((each) => each !== undefined);
  if (asked.length !== 1) throw new UsageError('Expected one of: a SUBSCRIPTION, --watch REPLAY, --cancel REPLAY.');
  if (canceled !== undefined) return (store, terminal) => cancel(canceled, store, { terminal, json });
  if (watched !== undefined)
    return async (store, terminal) => watch(await found(watched, store), store, { terminal, json });
  const wanted = wantedFrom(given);
  const detach = given.flag('detach');
  return (store, terminal) => begin(given.parameter!, wanted, store, { terminal, json, detach });
}

type Wanted = Parameters<typeof newReplay>[1];

function wantedFrom(given: Given): Wanted {
  const from = given.time('from');
  if (from === undefined) throw new UsageError('Expected --from: the time of the first event, such as --from 1d.');
  const [to, topics] = [given.time('to'), given.list('topics')];
  if (to !== undefined && from > to) throw new UsageError('Expected --from to be before --to.');
  const wrong = topics?.find((topic) => !isPattern(topic));
  if (wrong !== undefined) throw new UsageError(`Expected --topics such as order.shipped,invoice.*, got "${wrong}".`);
  return { from, to, topics, only: given.oneOf('only', REPLAY_CHOICES) };
}

interface Showing {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly detach?: boolean;
}

async function begin(id: string, wanted: Wanted, store: Store, showing: Showing): Promise<ExitCode> {
  const { terminal } = showing;
  const now = terminal.clock.now();
  if (wanted.from > now) throw new UsageError('Expected --from to be before now.');
  const subscription = await store.subscription(id);
  const from = wanted.only === 'missing' ? await knownFrom(wanted.from, store, terminal) : wanted.from;
  const [newest] = (await store.events.list({ limit: 1 })).data;
  // Retention would keep for it what is yet to come.
  const to = Math.min(wanted.to ?? now, now);
  const made = newReplay(subscription, { ...wanted, from, to }, { now, newestEventId: newest?.id });
  if (!(await store.replays.insert(made, MOST_RUNNING)))
    throw new CommandError(`${MOST_RUNNING} replays of ${subscription.id} are running already; "status" lists them.`);
  terminal.note(`Replay ${made.id} to ${subscription.id}, from ${shownTime(made.from)} to ${shownTime(made.to)}`);
  await warn(subscription, store, terminal);
  if (!showing.detach) return watch(made, store, showing);
  if (showing.json) terminal.json(replayView(made));
  return 0;
}

const REMEDY = 'Begin the replay over HTTP (POST subscriptions/:id/replays), or send everything with --only all.';

/** Retention, which only the host knows, may have taken what would say that something was delivered. */
async function knownFrom(from: number, store: Store, terminal: Terminal): Promise<number> {
  const known = await store.retention.knownSince();
  if (known === null) {
    throw new CommandError(
      `Nobody knows what is missing: retention has taken deliveries away, and none is left that was delivered. ${REMEDY}`,
    );
  }
  // Retention goes on until the replay has begun.
  const since = known === 0 ? 0 : known + HOUR_MS;
  if (since > terminal.clock.now()) {
    throw new CommandError(
      'Deliveries are not kept long enough to know what is missing, as far as can be told from the database: the oldest ' +
        `that was delivered ended at ${shownTime(known)}, less than an hour ago. ${REMEDY}`,
    );
  }
  if (since > from)
    terminal.note(`Of events before ${shownTime(since)} nobody knows whether they were delivered: begins there.`);
  return Math.max(from, since);
}

async function warn(subscription: Subscription, store: Store, terminal: Terminal): Promise<void> {
  if (!isActive(subscription))
    terminal.note('The subscription is off; the replay waits until it is on again, at most holdMs.');
  if ((await store.livingNodes()) === 0) terminal.note('No host is running; the replay begins when one starts.');
}

async function watch({ id }: Replay, store: Store, { terminal, json }: Showing): Promise<ExitCode> {
  let replay = await found(id, store);
  for (; replay.state === 'running' && !terminal.signal.aborted; replay = await found(id, store)) {
    terminal.progress(`Replaying: ${progressOf(replay)}`);
    await terminal.wait(LOOK_EVERY_MS);
  }
  if (json) terminal.json(replayView(replay));
  else terminal.print(endInWords(replay));
  if (replay.state === 'running') {
    terminal.note(`It goes on. Look again with --watch ${id}, or end it with --cancel ${id}.`);
  } else if (replay.scheduled > 0 && !json) {
    terminal.note(`See them with: npx nestjs-webhooks deliveries --subscription ${replay.subscriptionId}`);
  }
  return replay.state === 'canceled' ? 1 : 0;
}

async function cancel(id: string, store: Store, { terminal, json }: Showing): Promise<ExitCode> {
  await found(id, store);
  const ended = await store.replays.cancel(id, { now: terminal.clock.now(), reason: null });
  const replay = await found(id, store);
  if (json) terminal.json(replayView(replay));
  else terminal.print(ended ? endInWords(replay) : `The replay ${id} had ended before: ${endInWords(replay)}`);
  return 0;
}

async function found(id: string, store: Store): Promise<Replay> {
  const replay = await store.replays.byId(id);
  if (replay) return replay;
  throw new CommandError(`There is no replay ${JSON.stringify(id)} in ${store.shown}.`);
}

function endInWords(replay: Replay): string {
  const due = counted(replay.scheduled, 'delivery', 'deliveries');
  if (replay.state === 'finished') return `Finished: ${progressOf(replay)}; ${due} on the way.`;
  if (replay.state === 'running') return `Running: ${progressOf(replay)}.`;
  const why = replay.canceledReason === null ? '' : `, because ${replay.canceledReason}`;
  return `Canceled${why}: ${progressOf(replay)}.`;
}
