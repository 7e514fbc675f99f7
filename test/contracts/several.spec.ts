import { standardWebhooks } from 'nestjs-webhooks';
import {
  defineContract,
  get,
  hostTopics,
  identifier,
  post,
  standardErrors,
  topics,
  url,
} from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

interface Many {
  readonly hooks: unknown;
}

const manyAtOnce = defineContract({
  name: 'many-at-once',
  path: 'hooks',
  operations: {
    create: post('', {
      wrapper: {
        several: true,
        unwrap: (body) => (body as Many).hooks,
        wrap: (shown) => ({ ids: (shown as { id: string }[]).map(({ id }) => id) }),
        schema: () => ({ type: 'object', properties: { ids: { type: 'array', items: { type: 'string' } } } }),
      },
    }),
    read: get(':id'),
  },
  fields: { id: identifier(), url: url(), topics: topics(hostTopics, { default: ['*'] }) },
  errors: standardErrors,
  delivery: { body: ({ payload }) => payload, signature: standardWebhooks() },
});

describe('A contract that takes a list and answers ids', () => {
  describeContracts({ contracts: [manyAtOnce] }, (host) => {
    const create = (...urls: unknown[]) => host().call('POST /hooks', { hooks: urls.map((each) => ({ url: each })) });

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
    });

    it('makes one for each', async () => {
      const { status, body } = await create('https://example.com/1', 'https://example.com/2');
      const { data } = await host().subscriptions.list();
      expect([status, body]).toEqual([201, { ids: data.map(({ id }) => id).reverse() }]);
      expect(data.map((each) => each.url)).toEqual(['https://example.com/2', 'https://example.com/1']);
    });

    it('makes none when there are more than anybody needs at once', async () => {
      const { status, text } = await create(
        ...Array.from({ length: 101 }, (_, index) => `https://example.com/${index}`),
      );
      expect([status, text]).toEqual([400, expect.stringContaining('The body is of 101 subscriptions; 100 are taken')]);
      expect((await host().subscriptions.list()).data).toEqual([]);
    });

    it.each([
      ['is no URL', 1, 400],
      ['leads into the neighbourhood', 'https://10.0.0.1/', 422],
    ])('makes none when one %s', async (_, wrong, status) => {
      expect((await create('https://example.com/1', wrong)).status).toBe(status);
      expect((await host().subscriptions.list()).data).toEqual([]);
    });
  });
});
