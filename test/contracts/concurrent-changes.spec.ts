import { defineTopic, SubscriptionsRepository, unsigned } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const { defineContract, get, identifier, namedTopics, patch, post, standardErrors, text, topicFlag, url } = contracts;

const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const;
const TOPICS = NAMES.map((name) => defineTopic(name));
const names = namedTopics(NAMES);

const kept = defineContract({
  name: 'kept',
  path: 'kept',
  topics: names,
  operations: { create: post(), read: get(':id'), update: patch() },
  fields: {
    id: identifier(),
    url: url(),
    ...Object.fromEntries(NAMES.map((name) => [name, text(name, { default: 'as made' })])),
    ...Object.fromEntries(NAMES.map((name) => [`on_${name}`, topicFlag(names, name)])),
  },
  errors: standardErrors,
  delivery: { body: ({ payload }) => payload, signature: unsigned() },
});

describe('Changes of different fields of one subscription at once', () => {
  describeContracts(
    { contracts: [kept], topics: TOPICS },
    (host) => {
      const made = async () => {
        const wanted = { url: host().receiver.url('/hook'), on_alpha: true, on_delta: true };
        return ((await host().call('POST /kept', wanted)).body as { id: string }).id;
      };
      const changed = async (id: string, changes: readonly object[]) => {
        const answers = await Promise.all(changes.map((change) => host().call(`PATCH /kept/${id}`, change)));
        expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
        return (await host().call(`GET /kept/${id}`)).body as Readonly<Record<string, unknown>>;
      };

      afterEach(async () => {
        for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      });

      it('are all kept', async () => {
        const id = await made();
        const texts = NAMES.map((name) => ({ [name]: 'changed' }));
        const flags = NAMES.map((name) => ({ [`on_${name}`]: true }));
        expect(await changed(id, [...texts, ...flags])).toMatchObject(Object.assign({}, ...texts, ...flags) as object);
      });

      it('are what is delivered by', async () => {
        const id = await made();
        await changed(id, [{ on_alpha: false }, { on_beta: true }, { on_gamma: true }]);
        host().receiver.clear();
        for (const name of NAMES) await host().webhooks.publish(name, { name }, { tenant: 'acme' });
        await host().webhooks.idle();
        const bodies = host().receiver.requests.map(({ body }) => body);
        expect(bodies.sort()).toEqual(['{"name":"beta"}', '{"name":"delta"}', '{"name":"gamma"}']);
      });

      it('are refused, and not lost, when others change it without end', async () => {
        const id = await made();
        const repository = host().app.get(SubscriptionsRepository);
        const update = jest.spyOn(repository, 'update').mockResolvedValue(false);
        const { status, body } = await host().call(`PATCH /kept/${id}`, { alpha: 'changed' });
        update.mockRestore();
        expect([status, body]).toMatchObject([409, { code: 'WEBHOOKS_SUBSCRIPTION_CONTENDED' }]);
        expect((await host().call(`GET /kept/${id}`)).body).toMatchObject({ alpha: 'as made' });
      });
    },
    ['sqlite', 'postgres', 'mysql'],
  );
});
