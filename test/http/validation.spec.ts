import { describeManagement, type Body } from './management-host';

const A_URL = 'https://example.com/webhooks';
const fieldsOf = ({ errors }: Body) => errors.map(({ field }) => field);

describe('A request that is not made as it has to be', () => {
  describeManagement((host) => {
    const create = (body: unknown) => host().call('operator', 'POST /webhooks/subscriptions', body);

    it.each([
      ['nothing', {}, ['url', 'topics']],
      ['a list', [], ['url', 'topics']],
      ['a number as the URL', { url: 1, topics: ['*'] }, ['url']],
      ['a URL that is too long', { url: `${A_URL}/${'a'.repeat(2048)}`, topics: ['*'] }, ['url']],
      ['a NUL character in the URL', { url: `${A_URL}/\0`, topics: ['*'] }, ['url']],
      ['no topics', { url: A_URL, topics: [] }, ['topics']],
      ['topics that are one text', { url: A_URL, topics: '*' }, ['topics']],
      ['topics that are not texts', { url: A_URL, topics: [['*']] }, ['topics']],
      ['101 topics', { url: A_URL, topics: Array.from({ length: 101 }, () => '*') }, ['topics']],
      ['an enabled that is text', { url: A_URL, topics: ['*'], enabled: 'false' }, ['enabled']],
      ['an enabled that is null', { url: A_URL, topics: ['*'], enabled: null }, ['enabled']],
      ['a description that is too long', { url: A_URL, topics: ['*'], description: 'a'.repeat(1001) }, ['description']],
      ['a description with a NUL', { url: A_URL, topics: ['*'], description: 'a\0' }, ['description']],
      ['metadata that is a list', { url: A_URL, topics: ['*'], metadata: [] }, ['metadata']],
      ['metadata that is null', { url: A_URL, topics: ['*'], metadata: null }, ['metadata']],
      ['metadata with a number', { url: A_URL, topics: ['*'], metadata: { a: 1 } }, ['metadata']],
      ['metadata with a NUL', { url: A_URL, topics: ['*'], metadata: { a: '\0' } }, ['metadata']],
      ['metadata with a long name', { url: A_URL, topics: ['*'], metadata: { ['a'.repeat(41)]: '' } }, ['metadata']],
      ['a filter that is a list', { url: A_URL, topics: ['*'], filter: [] }, ['filter']],
      ['a rate that is a number', { url: A_URL, topics: ['*'], rate: 5 }, ['rate']],
      ['a rate without a number', { url: A_URL, topics: ['*'], rate: { burst: 2 } }, ['rate']],
      ['a batch of one', { url: A_URL, topics: ['*'], batch: { maxEvents: 1 } }, ['batch']],
      ['a batch with a stranger', { url: A_URL, topics: ['*'], batch: { maxEvents: 2, a: 1 } }, ['batch']],
      ['a tenant that is empty', { url: A_URL, topics: ['*'], tenant: '' }, ['tenant']],
      ['a tenant with a space at its end', { url: A_URL, topics: ['*'], tenant: 'acme ' }, ['tenant']],
      ['a tenant that is a number', { url: A_URL, topics: ['*'], tenant: 1 }, ['tenant']],
      ['a secret that is null', { url: A_URL, topics: ['*'], secret: null }, ['secret']],
      ['a field that there is not', { url: A_URL, topics: ['*'], colour: 'red' }, ['colour']],
      ['a field that is not the caller’s', { url: A_URL, topics: ['*'], suspendedAt: null }, ['suspendedAt']],
    ])('is refused when it creates from %s', async (_, body, fields) => {
      const answer = await create(body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'WEBHOOKS_INVALID_REQUEST' } });
      expect(fieldsOf(answer.body)).toEqual(fields);
    });

    it.each([
      ['a URL that is null', { url: null }, ['url']],
      ['topics that are null', { topics: null }, ['topics']],
      ['metadata that is null', { metadata: null }, ['metadata']],
      ['another tenant', { tenant: 'globex' }, ['tenant']],
      ['a secret', { secret: 'whsec_AAAA' }, ['secret']],
      ['an id', { id: 'sub_1' }, ['id']],
    ])('is refused when it changes to %s', async (_, body, fields) => {
      const { id } = await host().subscribe('operator');
      const answer = await host().call('operator', `PATCH /webhooks/subscriptions/${id}`, body);
      expect(answer.status).toBe(400);
      expect(fieldsOf(answer.body)).toEqual(fields);
    });

    it.each([
      ['subscriptions?limit=0', ['limit']],
      ['subscriptions?limit=251', ['limit']],
      ['subscriptions?limit=1.5', ['limit']],
      ['subscriptions?limit=', ['limit']],
      ['subscriptions?limit=ten', ['limit']],
      ['subscriptions?limit=1&limit=2', ['limit']],
      ['subscriptions?cursor=nonsense', ['cursor']],
      [`subscriptions?cursor=evt_${'0'.repeat(32)}`, ['cursor']],
      ['subscriptions?tenant=', ['tenant']],
      ['events?topic=%00', ['topic']],
      ['events?topic=a&topic=b', ['topic']],
      ['deliveries?state=lost', ['state']],
      ['deliveries?createdFrom=yesterday&createdTo=2026-01-31', ['createdFrom', 'createdTo']],
      ['events?subject=&createdTo=1', ['createdTo', 'subject']],
      ['statistics?from=today', ['from']],
      ['statistics?tenant=', ['tenant']],
      ['deliveries?subscription=1', ['subscription']],
      ['deliveries?event=1&topic=', ['event', 'topic']],
    ])('is refused when it lists %s', async (path, fields) => {
      const answer = await host().call('operator', `GET /webhooks/${path}`);
      expect(answer.status).toBe(400);
      expect(fieldsOf(answer.body).sort()).toEqual(fields);
    });

    it("passes over what a query holds beside, such as a key that the host's guard reads", async () => {
      const answer = await host().call('operator', 'GET /webhooks/subscriptions?api_key=1&limit=1');
      expect(answer.status).toBe(200);
    });

    it('is told the message of each field that is wrong', async () => {
      const { body } = await create({ url: 7, topics: ['*'], metadata: { a: 1 } });
      expect(body.errors).toEqual([
        { field: 'url', message: 'url must be a string' },
        {
          field: 'metadata',
          message: expect.stringMatching(/^metadata must be an object of at most 50 texts/) as string,
        },
      ]);
    });

    it('is told which topic was meant when it names one that there is not', async () => {
      const answer = await create({ url: A_URL, topics: ['order.shiped'] });
      expect(answer).toMatchObject({ status: 422, body: { code: 'WEBHOOKS_INVALID_SUBSCRIPTION' } });
      expect(answer.body.errors).toEqual([
        { field: 'topics', message: expect.stringContaining('did you mean "order.shipped"') as string },
      ]);
    });

    it('is told so of five at the most, because each is compared with every topic', async () => {
      const topics = Array.from({ length: 20 }, (_, index) => `order.shiped${index}`);
      const { body } = await create({ url: A_URL, topics });
      const messages = body.errors.map(({ message }) => message);
      expect(messages).toHaveLength(20);
      expect(messages.filter((message) => message.includes('did you mean'))).toHaveLength(5);
      expect(messages.at(-1)).toBe('"order.shiped19" matches no topic');
    });

    it.each(['ftp://example.com', 'example.com', 'http://169.254.169.254/', 'https://user:word@example.com'])(
      'is refused when its URL is %s',
      async (url) => {
        const answer = await create({ url, topics: ['*'] });
        expect(answer.status).toBe(422);
        expect(fieldsOf(answer.body)).toEqual(['url']);
        expect(answer.body.detail).toMatch(/^The subscription is not valid: url: .*[^.]\.$/);
      },
    );

    it('is told in whole sentences what is wrong with several fields', async () => {
      const { body } = await create({ url: 'example.com', topics: ['nope'] });
      expect(body.detail).toBe(
        'The subscription is not valid: url: The URL is not an absolute URL; ' + 'topics: "nope" matches no topic.',
      );
    });

    it('is not shown its own bad secret again', async () => {
      const answer = await create({ url: A_URL, topics: ['*'], secret: 'whsec_hunter2' });
      expect(answer).toMatchObject({ status: 422, body: { code: 'WEBHOOKS_INVALID_SECRET' } });
      expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    });
  });
});
