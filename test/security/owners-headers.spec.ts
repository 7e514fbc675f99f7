import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { defineTopic, hmac, InvalidSubscriptionError } from 'nestjs-webhooks';
import {
  defineContract,
  hostTopics,
  post,
  secretHeaders,
  standardErrors,
  topics,
  url,
} from 'nestjs-webhooks/contracts';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

const OrderCreated = defineTopic('order.created', undefined, { example: { id: 1 } });
const SECRET = 'a secret of at least so many characters';
const seed = Number(process.env.WEBHOOKS_FUZZ_SEED ?? Date.now() % 1_000_000);

/** With a signature and a header of its own. */
const contract = defineContract({
  name: 'owners',
  path: 'owners',
  operations: { create: post() },
  fields: { url: url(), topics: topics(hostTopics), headers: secretHeaders() },
  errors: standardErrors,
  delivery: {
    body: ({ payload }) => payload,
    headers: () => ({ 'X-Contract': 'ours' }),
    signature: hmac({ header: 'X-Signature' }),
  },
});

const names = fc.oneof(
  fc.constantFrom(
    'Host',
    'CONNECTION',
    'content-length',
    'Content_Type',
    'Transfer-Encoding',
    'upgrade',
    'Expect',
    'TE',
  ),
  fc.constantFrom('Webhook-Id', 'webhook_signature', 'X-Signature', 'x_signature', 'x-CONTRACT', 'Proxy-Authorization'),
  fc.constantFrom('X-Team', 'Authorization', 'Cookie', '__proto__', 'constructor', 'X-A\r\nX-B', '', ' '),
  fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,30}$/),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const contents = fc.oneof(
  fc.constantFrom('chunked', '0', 'close', 'evil.example', 'a\r\nX-Injected: yes', 'a\nb', '\0', 'é', '🦄', 'a\tb', ''),
  fc.string({ maxLength: 40 }),
);
const wishes = fc.dictionary(names, contents, { maxKeys: 6, noNullPrototype: true });

describe(`With seed ${seed}, the headers that owners keep with their credentials`, () => {
  describeEachDatabase({ only: ['sqlite'] }, (database) => {
    const given = hostForEach(database, { topics: [OrderCreated], webhooks: { contracts: [contract] } });

    it('are refused, or go out and change nothing of what frames, routes or signs a request', async () => {
      const { host } = given;
      let taken = 0;
      const property = fc.asyncProperty(wishes, async (headers) => {
        host.receiver.clear();
        const creation = host.subscribe({ contract: 'owners', secret: SECRET, headers });
        const made = await creation.catch((error: unknown) => error as Error);
        if (made instanceof Error) return expect(made).toBeInstanceOf(InvalidSubscriptionError);
        taken++;
        const result = await host.webhooks.test(made.id, 'order.created');
        await host.subscriptions.remove(made.id);
        expect(result).toMatchObject({ status: 204 });
        const { body, headers: received, method, path } = host.receiver.requests[0]!;
        expect([method, path]).toEqual(['POST', '/hook']);
        expect(received).toMatchObject({
          host: new URL(host.receiver.url()).host,
          'content-length': String(Buffer.byteLength(body)),
          'content-type': 'application/json',
          'x-contract': 'ours',
          'x-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
        });
        const own = ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'user-agent'];
        const allowed = [
          ...own,
          'x-contract',
          'x-signature',
          ...Object.keys(headers).map((name) => name.toLowerCase()),
        ];
        expect(Object.keys(received).filter((name) => !allowed.includes(name))).toEqual([]);
      });
      await fc.assert(property, { numRuns: 200, seed });
      expect(taken).toBeGreaterThan(20);
    });
  });
});
