import { defineTopic, type SubscriptionsRepository } from 'nestjs-webhooks';
import { PayloadFilter } from '../../lib/filters/payload-filter';
import { Routing } from '../../lib/publishing/routing';
import type { Clock } from '../../lib/shared/clock';
import { TopicCatalogue } from '../../lib/topics/catalogue';

const LARGE = { total: [{ numeric: ['>=', 100] }] };
const TOPICS = ['order.placed', 'order.paid', 'order.shipped'].map((name) => defineTopic(name));

/** Routing for as many subscriptions with a filter, on a clock that so much passes on with each look. */
function routingOf(subscriptions: number, passesMs = 0): { routing: Routing; table: { revision: number } } {
  const table = { revision: 1 };
  const preferences = { filter: LARGE, versions: { 'order.paid': 2, other: 5 } };
  const routes = Array.from({ length: subscriptions }, (_, index) => ({ subscriptionId: `s${index}`, tenant: null }));
  const repository = {
    revision: () => Promise.resolve(table.revision),
    routes: () => Promise.resolve(routes.map((route) => ({ ...route, preferences: { ...preferences } }))),
  };
  let now = 0;
  const clock = { monotonic: () => (now += passesMs) };
  const catalogue = new TopicCatalogue();
  TOPICS.forEach((topic) => catalogue.register(topic));
  const routing = new Routing(repository as unknown as SubscriptionsRepository, catalogue, clock as unknown as Clock);
  return { routing, table };
}

const placed = (topic = 'order.placed') => ({
  ...{ id: 'evt_1', topic, tenant: null, subject: null, createdAt: 0 },
  payload: '{"total":100}',
});

describe('Routing', () => {
  afterEach(() => jest.restoreAllMocks());

  it('understands a filter once, however many topics it is for, until subscriptions change', async () => {
    const { routing, table } = routingOf(3);
    const understood = jest.spyOn(PayloadFilter, 'from');
    await routing.refresh();
    for (const { name } of TOPICS) expect(await routing.routesFor(placed(name))).toHaveLength(3);
    expect(understood).toHaveBeenCalledTimes(3);
    table.revision += 1;
    await routing.refresh();
    await routing.routesFor(placed());
    expect(understood).toHaveBeenCalledTimes(6);
  });

  it('remembers of preferences only what filters need', async () => {
    const { routing } = routingOf(1);
    expect(await routing.routesFor(placed())).toMatchObject([{ subscriptionId: 's0', preferences: {} }]);
    const [route] = await routing.routesFor(placed('order.paid'));
    expect(route!.preferences).toEqual({ versions: { 'order.paid': 2 } });
  });

  it('lets others have the thread while it asks many filters', async () => {
    const { routing } = routingOf(50, 20);
    let turns = 0;
    const counted = () => void ((turns += 1), (others = setImmediate(counted)));
    let others = setImmediate(counted);
    const wanting = await routing.routesFor(placed());
    clearImmediate(others);
    expect(wanting).toHaveLength(50);
    expect(turns).toBeGreaterThanOrEqual(49);
  });

  it('takes no turns where that is quick', async () => {
    const { routing } = routingOf(50);
    let turns = 0;
    const other = setImmediate(() => (turns += 1));
    await routing.routesFor(placed());
    clearImmediate(other);
    expect(turns).toBe(0);
  });
});
