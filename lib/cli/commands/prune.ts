import { PAUSE_MS, Pruning, SIGN_OF_LIFE_MS } from '../../retention/pruning';
import { USUAL_DAYS, type RetentionLimits } from '../../retention/retention-limits';
import { NOTHING_PRUNED, type PruneCounts } from '../../retention/retention.repository';
import { UsageError, type Command, type ExitCode } from '../command';
import type { Given } from '../given';
import { counted, definitions, number } from '../layout';
import { DATABASE_OPTIONS, withStore, type Store } from '../store';
import type { Terminal } from '../terminal';

const DAY_MS = 86_400_000;
const MOST_DAYS = 36_500;
const ROUNDS = ['rows', 'bodies'] as const;
/** What hosts have where they say nothing else. */
const DEFAULT_DAYS = Object.fromEntries(Object.entries(USUAL_DAYS).map(([what, days]) => [`${what}-days`, days]));

export const prune: Command = {
  name: 'prune',
  summary: 'take away now what has been kept for long enough',
  about: [
    'Hosts do this by themselves once an hour, by their option retention, which cannot be seen from here. So only what you ' +
      'name goes: what has no option here stays. Nothing that is pending is ever taken, nor the event it is for, nor what a ' +
      'running replay has yet to look at.',
    'It goes in short transactions with pauses between, as hosts do it, and only while none of them is at it. Ctrl-C ends it ' +
      'after the one under way. The hosts take their next turn an hour later (bodies: a day).',
    'Hosts go by their own option when they replay what is missing: of deliveries that went sooner they do not know, and ' +
      'send their events again, where these are still there.',
  ],
  options: [
    { name: 'delivered-days', value: 'DAYS', help: 'Deliveries that were delivered or canceled, so many days after.' },
    { name: 'failed-days', value: 'DAYS', help: 'Deliveries that have failed for good.' },
    { name: 'event-days', value: 'DAYS', help: 'Events that no delivery is left of.' },
    { name: 'payload-days', value: 'DAYS', help: 'Payloads of events that nothing is pending of; from 0.' },
    { name: 'answer-days', value: 'DAYS', help: 'What receivers answered; from 0.' },
    { name: 'statistics-days', value: 'DAYS', help: 'Hourly sums of statistics.' },
    { name: 'defaults', help: 'What hosts have by default: 30 days, failed deliveries and statistics 90.' },
    { name: 'dry-run', help: 'Only count what would go at once, and change nothing.' },
    { name: 'json', help: 'Answer the counts as JSON.' },
    ...DATABASE_OPTIONS,
  ],
  examples: ['prune --defaults --dry-run', 'prune --delivered-days 7 --event-days 7 --payload-days 3'],
  async run(given, terminal) {
    const limits = limitsFrom(given);
    const [dryRun, json] = [given.flag('dry-run'), given.flag('json')];
    return withStore(given, terminal, (store) => {
      const prunings = ROUNDS.map((round) => new Pruning(round, limits, store.retention, terminal.clock));
      const wanted = prunings.filter(({ isWanted }) => isWanted);
      return dryRun ? forecast(wanted, { terminal, json }) : takeAway(wanted, { store, terminal, json });
    });
  },
};

function limitsFrom(given: Given): RetentionLimits {
  const names = ['delivered-days', 'failed-days', 'event-days', 'statistics-days', 'payload-days', 'answer-days'];
  const defaults: Readonly<Record<string, number | undefined>> = given.flag('defaults') ? DEFAULT_DAYS : {};
  const days = (name: string, from: number) => given.whole(name, { from, to: MOST_DAYS }) ?? defaults[name];
  if (names.every((name) => days(name, 0) === undefined)) {
    throw new UsageError('Expected what is to go, such as --delivered-days 30 --event-days 30, or --defaults.');
  }
  // What is kept from the beginning of time: nothing is older.
  const keptMs = (name: string) => (days(name, 1) ?? MOST_DAYS) * DAY_MS;
  const bodyMs = (name: string) => (days(name, 0) === undefined ? null : days(name, 0)! * DAY_MS);
  return {
    deliveredMs: keptMs('delivered-days'),
    failedMs: keptMs('failed-days'),
    eventMs: keptMs('event-days'),
    statisticsMs: keptMs('statistics-days'),
    payloadMs: bodyMs('payload-days'),
    answerMs: bodyMs('answer-days'),
  };
}

interface Showing {
  readonly terminal: Terminal;
  readonly json: boolean;
}

async function forecast(prunings: readonly Pruning[], { terminal, json }: Showing): Promise<ExitCode> {
  for (const pruning of prunings) {
    for (const steps = pruning.forecast(); !(await steps.next()).done;) {
      terminal.progress(`Counting: ${inWords(sumOf(prunings))}`);
      if (terminal.signal.aborted) return stopped('It was not all counted', terminal);
    }
  }
  show(sumOf(prunings), 'Would go now:', { terminal, json });
  if (!json) terminal.note('Events go once none of their deliveries is left, so more of them may follow.');
  return 0;
}

async function takeAway(
  prunings: readonly Pruning[],
  { store, terminal, json }: Showing & { readonly store: Store },
): Promise<ExitCode> {
  let left = false;
  for (const pruning of prunings) {
    if (!(await pruning.claim(2 * SIGN_OF_LIFE_MS))) {
      left = true;
      terminal.note(`A process is at it already, or was within the last two minutes (${pruning.round}): left to it.`);
      continue;
    }
    for (const steps = pruning.steps(); !(await steps.next()).done;) {
      terminal.progress(`Taking away: ${inWords(sumOf(prunings))}`);
      if (terminal.signal.aborted) return stopped(`Taken away so far: ${inWords(sumOf(prunings))}`, terminal);
      await terminal.wait(PAUSE_MS);
    }
  }
  show(sumOf(prunings), `Taken away from ${store.shown}:`, { terminal, json });
  return left ? 1 : 0;
}

function stopped(soFar: string, terminal: Terminal): ExitCode {
  terminal.note(`Stopped. ${soFar}.`);
  return 1;
}

function sumOf(prunings: readonly Pruning[]): PruneCounts {
  const sum: Record<keyof PruneCounts, number> = { ...NOTHING_PRUNED };
  for (const { counts } of prunings) {
    for (const kind of Object.keys(sum) as (keyof PruneCounts)[]) sum[kind] += counts[kind];
  }
  return sum;
}

const NAMES: readonly (readonly [keyof PruneCounts, one: string, many: string])[] = [
  ['deliveries', 'delivery', 'deliveries'],
  ['attempts', 'attempt', 'attempts'],
  ['events', 'event', 'events'],
  ['replays', 'replay', 'replays'],
  ['statistics', 'hourly sum', 'hourly sums'],
  ['answers', 'answer', 'answers'],
  ['payloads', 'payload', 'payloads'],
];

function inWords(counts: PruneCounts): string {
  const some = NAMES.filter(([kind]) => counts[kind] > 0);
  return some.map(([kind, one, many]) => counted(counts[kind], one, many)).join(', ') || 'nothing';
}

function show(counts: PruneCounts, title: string, { terminal, json }: Showing): void {
  if (json) return terminal.json(counts);
  const some = NAMES.filter(([kind]) => counts[kind] > 0);
  if (some.length === 0) return terminal.print(`${title} nothing.`);
  terminal.print(title);
  definitions(some.map(([kind, , many]) => [many, number(counts[kind])])).forEach((line) => terminal.print(line));
}
