import { deliveryView } from '../../contracts/standard/delivery.view';
import type { DeliveryQuery } from '../../deliveries/deliveries.repository';
import { DELIVERY_STATES, type Delivery } from '../../deliveries/delivery';
import { LARGEST_PAGE_SIZE, type Page } from '../../shared/page';
import { UsageError, type Command, type ExitCode } from '../command';
import type { Given } from '../given';
import { number, table } from '../layout';
import { DATABASE_OPTIONS, withStore, type Store } from '../store';
import { shownTime } from '../times';
import type { Terminal } from '../terminal';

const DEFAULT_LIMIT = 20;

export const deliveries: Command = {
  name: 'deliveries',
  summary: 'list deliveries, newest first',
  about: [
    'Narrow the list down with any of the options together, as over HTTP. What is not found by index (topic, last result, ' +
      'most states) is sifted, which may take a while; Ctrl-C shows what was found so far.',
  ],
  options: [
    { name: 'state', value: 'STATE', help: `${DELIVERY_STATES.join(', ')}` },
    { name: 'topic', value: 'TOPIC', help: 'A topic such as order.shipped.' },
    { name: 'subscription', value: 'ID', help: 'The id or the number of a subscription.' },
    { name: 'event', value: 'ID', help: 'The webhook-id, which is the id of the event.' },
    { name: 'tenant', value: 'TENANT', help: 'Whose subscriptions.' },
    { name: 'last-result', value: 'RESULT', help: 'What came of the last request: a status such as 503, or timeout.' },
    {
      name: 'from',
      value: 'TIME',
      help: 'Made then or later: 2026-01-31, 2026-01-31T08:00:00Z (UTC), or 2h ago as 2h.',
    },
    { name: 'to', value: 'TIME', help: 'Made then or earlier.' },
    { name: 'limit', value: 'COUNT', help: `How many, at most ${LARGEST_PAGE_SIZE}. Default: ${DEFAULT_LIMIT}` },
    { name: 'cursor', value: 'CURSOR', help: 'Go on where the page before ended, as it says.' },
    { name: 'json', help: 'Answer JSON as the standard API does: { "data": […], "nextCursor" }.' },
    ...DATABASE_OPTIONS,
  ],
  examples: [
    'deliveries --state failed --from 1d',
    'deliveries --subscription 7 --topic order.shipped --json | jq .data[].id',
  ],
  async run(given, terminal) {
    const query = queryFrom(given);
    return withStore<ExitCode>(given, terminal, async (store) => {
      const page = await pageOf(store, await withSubscription(query, store), terminal);
      if (given.flag('json')) terminal.json({ ...page, data: page.data.map(deliveryView) });
      else show(page, query, terminal);
      return 0;
    });
  },
};

function queryFrom(given: Given): DeliveryQuery & { readonly limit: number } {
  const [createdFrom, createdTo] = [given.time('from'), given.time('to')];
  if (createdFrom !== undefined && createdTo !== undefined && createdFrom > createdTo) {
    throw new UsageError('Expected --from to be before --to.');
  }
  return {
    state: given.oneOf('state', DELIVERY_STATES),
    topic: given.text('topic'),
    subscription: given.text('subscription'),
    event: given.text('event'),
    tenant: given.text('tenant'),
    lastResult: given.text('last-result'),
    createdFrom,
    createdTo,
    cursor: given.text('cursor'),
    limit: given.whole('limit', { from: 1, to: LARGEST_PAGE_SIZE }) ?? DEFAULT_LIMIT,
  };
}

async function withSubscription<Query extends DeliveryQuery>(query: Query, store: Store): Promise<Query> {
  // The deliveries of one that is gone are still there, by its id.
  if (!/^\d+$/.test(query.subscription ?? '')) return query;
  return { ...query, subscription: (await store.subscription(query.subscription!)).id };
}

/** A full page, although the repository's may be short where rows are sifted. */
async function pageOf(
  { deliveries: repository }: Store,
  query: DeliveryQuery & { readonly limit: number },
  terminal: Terminal,
): Promise<Page<Delivery>> {
  const data: Delivery[] = [];
  let nextCursor: string | null = query.cursor ?? null;
  do {
    const wanted: DeliveryQuery = { ...query, cursor: nextCursor ?? undefined, limit: query.limit - data.length };
    const page: Page<Delivery> = await repository.list(wanted);
    data.push(...page.data);
    nextCursor = page.nextCursor;
    if (nextCursor !== null && data.length < query.limit) terminal.progress(`Looking … ${number(data.length)} found`);
  } while (nextCursor !== null && data.length < query.limit && !terminal.signal.aborted);
  return { data, nextCursor };
}

function show({ data, nextCursor }: Page<Delivery>, query: DeliveryQuery, terminal: Terminal): void {
  if (data.length === 0) terminal.note('No such deliveries.');
  else {
    const [headings = '', ...rows] = table(
      headingsFor(query),
      data.map((each) => rowOf(each, query)),
    );
    terminal.print(terminal.style('bold', headings));
    rows.forEach((row) => terminal.print(row));
  }
  if (nextCursor !== null) terminal.note(`More: add --cursor ${nextCursor}`);
}

function headingsFor({ subscription, tenant }: DeliveryQuery): string[] {
  const headings = ['MADE', 'STATE', 'RESULT', 'TRIES', 'NEXT', 'TOPIC', 'DELIVERY'];
  return [
    ...headings,
    ...(subscription === undefined ? ['SUBSCRIPTION'] : []),
    ...(tenant === undefined ? ['TENANT'] : []),
  ];
}

function rowOf(delivery: Delivery, { subscription, tenant }: DeliveryQuery): (string | null)[] {
  const { createdAt, state, lastResult, attemptCount, nextAttemptAt, topic, id } = delivery;
  const next = nextAttemptAt === null ? '' : shownTime(nextAttemptAt);
  return [
    ...[shownTime(createdAt), state, lastResult, String(attemptCount), next, topic, id],
    ...(subscription === undefined ? [delivery.subscriptionId] : []),
    ...(tenant === undefined ? [delivery.tenant] : []),
  ];
}
