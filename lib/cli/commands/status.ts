import { durationInWords } from '../../shared/duration';
import type { LaneSurvey } from '../../lanes/lanes.repository';
import type { Replay } from '../../replays/replay';
import { LARGEST_PAGE_SIZE } from '../../shared/page';
import type { Backlog } from '../../statistics/statistics.repository';
import { SqlBacklogRepository } from '../../storage/sql-backlog.repository';
import { schemaState } from '../../storage/migrate';
import type { KeyUse } from '../../subscriptions/secret-store';
import type { Command, ExitCode } from '../command';
import { counted, definitions, number } from '../layout';
import { progressOf } from '../replay-progress';
import { DATABASE_OPTIONS, withStore, type Store } from '../store';
import type { Terminal } from '../terminal';

export const status: Command = {
  name: 'status',
  summary: 'what waits, who delivers it, and what is wrong',
  about: [
    'The backlog, the processes that are alive and their lanes, subscriptions that are suspended, replays under way and ' +
      'how secrets are kept. Backlogs are counted up to 10,000 deliveries. It exits with 1 where the tables are not up to date.',
  ],
  options: [...DATABASE_OPTIONS, { name: 'json', help: 'Answer JSON, with times in ISO 8601.' }],
  examples: ['status', 'status --json | jq .backlog.pending'],
  run: (given, terminal) =>
    withStore<ExitCode>(given, terminal, async (store) => {
      const state = await stateOf(store);
      if (given.flag('json')) terminal.json(jsonOf(state));
      else linesOf(state, store, terminal).forEach((line) => terminal.print(line));
      return 0;
    }),
};

interface State {
  readonly version: number;
  readonly backlog: Backlog;
  readonly lanes: LaneSurvey;
  readonly subscriptions: number;
  readonly suspended: number;
  readonly replays: readonly Replay[];
  readonly keys: readonly KeyUse[];
}

async function stateOf(store: Store): Promise<State> {
  const { version } = await schemaState(store.database);
  const running = await store.replays.list({ state: 'running', limit: LARGEST_PAGE_SIZE });
  return {
    version,
    backlog: await store.statistics.backlog({}),
    lanes: await store.lanes.survey(),
    subscriptions: await store.subscriptions.count({}),
    suspended: (await new SqlBacklogRepository(store.database).read()).suspended,
    replays: running.data,
    keys: await store.secrets.keyUses(),
  };
}

function jsonOf({ version, backlog, lanes, subscriptions, suspended, replays, keys }: State): object {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    version,
    backlog: { ...backlog, firstDueAt: time(backlog.firstDueAt), oldestAt: time(backlog.oldestAt) },
    lanes,
    subscriptions: { total: subscriptions, suspended },
    replays: replays.map(({ id, subscriptionId, examined, scheduled, createdAt }) => ({
      ...{ id, subscriptionId, examined, scheduled, createdAt: time(createdAt) },
    })),
    secrets: keys.map(({ keyId, subscriptions: count }) => ({ keyId, subscriptions: count })),
  };
}

function linesOf(state: State, store: Store, terminal: Terminal): string[] {
  const { lanes, replays, suspended } = state;
  const title = `${store.shown}, tables ${store.database.prefix}*, version ${state.version}`;
  const off = `${number(suspended)} suspended`;
  return [
    terminal.style('bold', title),
    '',
    ...definitions(
      [
        ['Backlog', backlogInWords(state.backlog, terminal.clock.now())],
        [
          'Processes',
          lanes.nodes.length === 0 ? 'none: nothing is delivered until one starts' : number(lanes.nodes.length),
        ],
        ['Lanes', lanesInWords(lanes)],
        ['Subscriptions', `${number(state.subscriptions)}${suspended === 0 ? '' : `, ${off}`}`],
        ['Secrets', secretsInWords(state.keys)],
        ['Replays', replays.length === 0 ? 'none under way' : `${number(replays.length)} under way`],
      ],
      Infinity,
    ),
    ...section('Processes', lanes.nodes.map(nodeInWords), terminal),
    ...section('Replays', replays.map(replayInWords), terminal),
  ];
}

function section(title: string, pairs: readonly (readonly [string, string])[], terminal: Terminal): string[] {
  return pairs.length === 0 ? [] : ['', terminal.style('bold', title), ...definitions(pairs, Infinity)];
}

function replayInWords(replay: Replay): [string, string] {
  return [replay.id, `to ${replay.subscriptionId}: ${progressOf(replay)}`];
}

function backlogInWords({ pending, complete, firstDueAt, oldestAt }: Backlog, now: number): string {
  if (pending === 0) return 'nothing is pending';
  const count = `${complete ? '' : 'at least '}${counted(pending, 'delivery', 'deliveries')} pending`;
  const oldest = oldestAt === null ? '' : `; the oldest was made ${durationInWords(Math.max(0, now - oldestAt))} ago`;
  if (firstDueAt === null) return count + oldest;
  const late = now - firstDueAt;
  const due = late >= 0 ? `was due ${durationInWords(late)} ago` : `is due in ${durationInWords(-late)}`;
  return `${count}${oldest}, the first ${due}`;
}

function lanesInWords({ lanes, free, calling }: LaneSurvey): string {
  const some = [
    [free, 'free'],
    [calling, 'waiting to be looked at'],
  ] as const;
  return [
    number(lanes),
    ...some.filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`),
  ].join(', ');
}

function nodeInWords({ id, lanes, leaseMs }: LaneSurvey['nodes'][number]): [string, string] {
  const lease = leaseMs > 0 ? '' : `, lease ran out ${durationInWords(-leaseMs)} ago`;
  return [id, counted(lanes, 'lane') + lease];
}

function secretsInWords(uses: readonly KeyUse[]): string {
  if (uses.length === 0) return 'none';
  return uses
    .map(({ keyId, subscriptions }) => `${number(subscriptions)} ${keyId === null ? 'in clear' : `under key ${keyId}`}`)
    .join(', ');
}
