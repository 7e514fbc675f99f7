import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { defineTopic, hmac } from 'nestjs-webhooks';
import { copiedHeaders, defineContract, type Contract } from 'nestjs-webhooks/contracts';
import { bigcommerce } from '../contracts/generality/bigcommerce.contract';
import { ContractsHost } from '../contracts/contracts-host';
import { ADAPTERS } from '../http/management-host';
import { describeEachDatabase } from '../support/databases';
import type { ReceivedRequest } from '../support/receiver';

const OrderCreated = defineTopic('order.created');
const SECRET = 'a secret of at least so many characters';
const seed = Number(process.env.WEBHOOKS_FUZZ_SEED ?? Date.now() % 1_000_000);
const numRuns = 150;

/** BigCommerce's, with a signature and a header of its own. */
function contract(): Contract {
  const { description } = bigcommerce();
  const headers = (_: unknown, subscription: { settings: Readonly<Record<string, unknown>> }) => ({
    ...copiedHeaders(subscription, 'headers'),
    'X-Contract': 'ours',
  });
  return defineContract({
    ...description,
    delivery: { ...description.delivery, headers, signature: hmac({ header: 'X-Signature' }) },
  });
}

const RESERVED = [
  ...['Host', 'Connection', 'Content-Length', 'Content-Type', 'Transfer-Encoding', 'Upgrade', 'Expect', 'Trailer'],
  ...['TE', 'Keep-Alive', 'Proxy-Connection', 'Proxy-Authorization', 'X-Signature', 'x_signature', 'X-Contract'],
];
const anyCase = (name: string) =>
  fc.infiniteStream(fc.boolean()).map((flips) => {
    return [...name].map((letter) => (flips.next().value ? letter.toUpperCase() : letter.toLowerCase())).join('');
  });
const names = fc.oneof(
  fc.constantFrom(...RESERVED).chain(anyCase),
  fc.constantFrom('X-Team', 'Authorization', 'Cookie', '__proto__', 'constructor', 'X-Injected\r\nX-Other', '', ' '),
  fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,30}$/),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const contents = fc.oneof(
  fc.constantFrom('chunked', '0', 'close', 'evil.example', 'a\r\nX-Injected: yes', 'a\nb', '\0', 'é', '🦄', 'a\tb', ''),
  fc.string({ maxLength: 40 }),
);
const wishes = fc.dictionary(names, contents, { maxKeys: 6, noNullPrototype: true });

describe(`With seed ${seed}, the headers that a subscriber wants`, () => {
  describeEachDatabase({ only: ['sqlite'] }, (database) => {
    let host: ContractsHost;
    const [, makeAdapter] = ADAPTERS[0]!;

    beforeAll(async () => {
      const webhooks = { retry: { schedule: [] } };
      const contracts = [contract()];
      host = await ContractsHost.start(database, makeAdapter(), { contracts, topics: [OrderCreated], webhooks });
    });
    afterAll(() => host?.stop());
    beforeEach(() => void host.receiver.answers(200));

    it('are refused, or go out and change nothing but what they are', async () => {
      const property = fc.asyncProperty(wishes, async (headers) => {
        const wanted = { scope: 'store/order/created', destination: host.receiver.url('/hook'), headers };
        const { status, body } = await host.call('POST /stores/acme/v3/hooks', wanted);
        if (status !== 200) return expect(status).toBe(422);
        const { id } = (body as { data: { id: number } }).data;
        const [request] = await published(id);
        expectOurs(request!, headers);
        expect(request!.headers).toMatchObject(asReceived(headers));
      });
      await fc.assert(property, { numRuns, seed });
    });

    it('never frame, redirect or unsign a request, even where the host stores them unchecked', async () => {
      const property = fc.asyncProperty(wishes, async (headers) => {
        const wanted = { url: host.receiver.url('/hook'), topics: ['order.created'], settings: { headers } };
        const { id } = await host.subscriptions.create({
          ...wanted,
          contract: 'bigcommerce',
          tenant: 'acme',
          secret: SECRET,
        });
        const [request] = await published(id);
        expectOurs(request!, headers);
      });
      await fc.assert(property, { numRuns, seed });
    });

    /** What the receiver gets of an event, for this subscription only. */
    async function published(key: string | number): Promise<readonly ReceivedRequest[]> {
      host.receiver.clear();
      if (typeof key === 'number') await host.subscriptions.update(key, { secret: SECRET });
      await host.webhooks.publish(OrderCreated, { id: 1 }, { tenant: 'acme' });
      await host.webhooks.idle();
      await host.subscriptions.remove(key);
      return [...host.receiver.requests];
    }

    function expectOurs({ body, headers, method, path }: ReceivedRequest, wanted: Record<string, string>): void {
      expect([method, path]).toEqual(['POST', '/hook']);
      expect(headers).toMatchObject({
        host: new URL(host.receiver.url()).host,
        'content-length': String(Buffer.byteLength(body)),
        'content-type': 'application/json',
        'x-contract': 'ours',
        'x-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
      });
      const own = ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'user-agent'];
      const allowed = [...own, 'x-contract', 'x-signature', ...Object.keys(wanted).map((name) => name.toLowerCase())];
      expect(Object.keys(headers).filter((name) => !allowed.includes(name))).toEqual([]);
      expect(headers.upgrade ?? headers.te ?? headers.trailer ?? headers.expect).toBeUndefined();
    }
  });
});

/** As Node reads them, without those that are the contract's or the signature's, and without names that Nest drops. */
function asReceived(wanted: Record<string, string>): Record<string, unknown> {
  const ours = ['x-contract', 'x-signature', '__proto__', 'constructor'];
  const entries = Object.entries(wanted).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  const unique = entries.filter(([name]) => entries.filter(([other]) => sameName(name, other)).length === 1);
  return Object.fromEntries(unique.filter(([name]) => !ours.some((own) => sameName(own, name))));
}

function sameName(one: string, other: string): boolean {
  return one.replaceAll('_', '-') === other.replaceAll('_', '-');
}
