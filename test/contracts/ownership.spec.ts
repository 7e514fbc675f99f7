import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { defineTopic, WebhooksConfigurationError } from 'nestjs-webhooks';
import { cloudEventsValidation, signedChallenge, standard } from 'nestjs-webhooks/contracts';
import { answerHandshake } from 'nestjs-webhooks/receiver';
import { describeContracts, type ContractsHost } from './contracts-host';

const OrderCreated = defineTopic('order.created');
const PATH = '/webhooks/subscriptions';
const DATABASES = ['sqlite', 'postgres', 'mysql'] as const;

interface Shown {
  readonly id: string;
  readonly secret: string;
  readonly suspendedAt: string | null;
  readonly suspendedReason: string | null;
}

/** An endpoint as a subscriber would write it, with the receiver's half of this library. */
class Endpoint {
  secret: string | undefined;
  origins = ['events.example.com'];
  rate: number | undefined;
  /** What it does instead of what it should. */
  instead: 'echo' | 'fail' | undefined;
  readonly asked: { readonly method: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  readonly taken: string[] = [];
  private readonly server: Server;

  constructor(private readonly host: () => ContractsHost) {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = '', headers } = request;
        const answer = this.answer(method, headers, body);
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
  }

  private answer(method: string, headers: IncomingHttpHeaders, body: string) {
    const asked = method === 'OPTIONS' || body.includes('webhook.challenge');
    if (asked) this.asked.push({ method, headers, body });
    if (this.instead) return { status: this.instead === 'fail' ? 500 : 200, headers: {}, body };
    try {
      const given = { method, headers, body, secrets: this.secret ?? [], now: this.host().clock.now() };
      const answer = answerHandshake({ ...given, origins: this.origins, rate: this.rate });
      if (!answer) this.taken.push(body);
      return answer ?? { status: 204, headers: {}, body: '' };
    } catch {
      return { status: 401, headers: {}, body: '' };
    }
  }

  async listen(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function secretOf(fill: number): string {
  return `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
}

function given(host: () => ContractsHost) {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = new Endpoint(host);
    await endpoint.listen();
  });
  afterEach(() => endpoint.close());
  const call = async (route: string, body?: object) => {
    const answer = await host().call(route, body);
    return { status: answer.status, body: answer.body as Shown };
  };
  const create = (wanted: object = {}) => call(`POST ${PATH}`, { url: endpoint.url(), topics: ['*'], ...wanted });
  return { endpoint: () => endpoint, call, create };
}

describe('A signed challenge', () => {
  describeContracts(
    { contracts: [standard({ handshake: signedChallenge() })], topics: [OrderCreated] },
    (host) => {
      const { endpoint, call, create } = given(host);
      const unverified = (why: string) => ({
        suspendedReason:
          `unverified: ${why} Have it verify the signature and answer {"challenge": "…"} with the challenge, ` +
          'then resume the subscription.',
      });
      const verified = async () => {
        endpoint().secret = secretOf(1);
        return (await create({ secret: secretOf(1) })).body;
      };

      it('lets a subscription work whose endpoint verifies and answers it', async () => {
        expect(await verified()).toMatchObject({ suspendedAt: null, suspendedReason: null });
        const [{ headers, body }] = endpoint().asked as [Endpoint['asked'][number]];
        expect(JSON.parse(body)).toEqual({
          type: 'webhook.challenge',
          data: { challenge: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
        });
        expect(headers).toMatchObject({ 'webhook-signature': expect.stringMatching(/^v1,/) as string });
        await host().webhooks.publish(OrderCreated, { id: 1 }, { tenant: 'acme' });
        await host().webhooks.idle();
        expect(endpoint().taken).toHaveLength(1);
      });

      it('suspends one whose endpoint cannot verify it yet, says what to do, and is asked again by resuming', async () => {
        const { status, body } = await create();
        expect([status, body]).toMatchObject([201, unverified('The endpoint answered the challenge with 401.')]);
        await host().webhooks.publish(OrderCreated, { id: 1 }, { tenant: 'acme' });
        await host().webhooks.idle();
        endpoint().secret = body.secret;
        const resumed = await call(`POST ${PATH}/${body.id}/resume`);
        expect(resumed.body).toMatchObject({ suspendedAt: null, suspendedReason: null });
        expect(endpoint().asked).toHaveLength(2);
      });

      it('is not passed by an endpoint that sends everything back', async () => {
        endpoint().instead = 'echo';
        const { body } = await create();
        expect(body).toMatchObject(unverified('The endpoint did not send the challenge back.'));
      });

      it('is asked again where the URL changes', async () => {
        const { id } = await verified();
        endpoint().instead = 'fail';
        const moved = await call(`PATCH ${PATH}/${id}`, { url: endpoint().url('/moved') });
        expect(moved.body).toMatchObject(unverified('The endpoint answered the challenge with 500.'));
      });

      it('is asked again where the secret changes, with both secrets while the old one signs', async () => {
        const { id } = await verified();
        const overlapping = await call(`POST ${PATH}/${id}/rotate-secret`, {});
        expect(overlapping.body).toMatchObject({ suspendedReason: null });
        expect(endpoint().asked).toHaveLength(2);
        const replaced = await call(`POST ${PATH}/${id}/rotate-secret`, { overlapSeconds: 0 });
        expect(replaced.body).toMatchObject(unverified('The endpoint answered the challenge with 401.'));
        endpoint().secret = replaced.body.secret;
        const resumed = await call(`POST ${PATH}/${id}/resume`);
        expect(resumed.body).toMatchObject({ suspendedReason: null });
      });

      it('is asked again, with them, where headers or credentials change, and not where nothing of that does', async () => {
        const { id } = await verified();
        const credentials = { type: 'bearer', token: 'of-the-endpoint' };
        await call(`PATCH ${PATH}/${id}`, { credentials, headers: { 'X-Team': 'ours' } });
        expect(endpoint().asked.at(-1)!.headers).toMatchObject({
          authorization: 'Bearer of-the-endpoint',
          'x-team': 'ours',
        });
        await call(`PATCH ${PATH}/${id}`, { description: 'Ours', url: endpoint().url() });
        expect(endpoint().asked).toHaveLength(2);
        endpoint().instead = 'fail';
        const { body } = await call(`PATCH ${PATH}/${id}`, { credentials: null });
        expect(body).toMatchObject(unverified('The endpoint answered the challenge with 500.'));
      });

      it('that is passed for a new secret turns nothing on that is off for another reason', async () => {
        const { id } = await verified();
        await host().subscriptions.suspend(await host().subscriptions.get(id), 'gone');
        const rotated = await call(`POST ${PATH}/${id}/rotate-secret`, {});
        expect(rotated.body).toMatchObject({ suspendedReason: 'gone' });
        expect(endpoint().asked).toHaveLength(1);
      });
    },
    [...DATABASES],
  );
});

describe('A signed challenge that is required', () => {
  describeContracts({ contracts: [standard({ handshake: signedChallenge({ required: true }) })] }, (host) => {
    const { endpoint, call, create } = given(host);

    it('keeps subscriptions and changes of URL and credentials from being made that do not pass it', async () => {
      expect(await create()).toMatchObject({ status: 422, body: { code: 'WEBHOOKS_HANDSHAKE_FAILED' } });
      endpoint().secret = secretOf(1);
      const { id } = (await create({ secret: secretOf(1) })).body;
      endpoint().instead = 'fail';
      const change = (wanted: object) => call(`PATCH ${PATH}/${id}`, wanted);
      expect(await change({ url: endpoint().url('/moved') })).toMatchObject({ status: 422 });
      expect(await change({ credentials: { type: 'bearer', token: 'x' } })).toMatchObject({ status: 422 });
      const { body } = await call(`GET ${PATH}/${id}`);
      expect(body).toMatchObject({ url: endpoint().url(), credentials: null, suspendedAt: null });
      expect(await change({ description: 'Ours' })).toMatchObject({ status: 200 });
    });
  });
});

describe("CloudEvents' validation", () => {
  const handshake = cloudEventsValidation({ origin: 'events.example.com', rate: 120 });
  describeContracts(
    { contracts: [standard({ handshake })], topics: [OrderCreated] },
    (host) => {
      const { endpoint, call, create } = given(host);

      it('lets a subscription work whose endpoint allows the origin', async () => {
        const { body } = await create();
        expect(body).toMatchObject({ suspendedAt: null });
        const [{ method, headers }] = endpoint().asked as [Endpoint['asked'][number]];
        expect([method, headers]).toMatchObject([
          'OPTIONS',
          { 'webhook-request-origin': 'events.example.com', 'webhook-request-rate': '120' },
        ]);
        endpoint().secret = body.secret;
        await host().webhooks.publish(OrderCreated, { id: 1 }, { tenant: 'acme' });
        await host().webhooks.idle();
        expect(endpoint().taken).toHaveLength(1);
      });

      it.each<[string, (endpoint: Endpoint) => void, string]>([
        ['refuses', (one) => (one.origins = ['other.example.com']), 'The endpoint answered OPTIONS with 403.'],
        ['fails', (one) => (one.instead = 'fail'), 'The endpoint answered OPTIONS with 500.'],
        ['takes anything', (one) => (one.instead = 'echo'), 'does not allow events.example.com to send to it.'],
        ['wants less', (one) => (one.rate = 119), 'The endpoint does not allow 120 requests a minute.'],
      ])('suspends one whose endpoint %s, until it is resumed', async (_, prepare, why) => {
        prepare(endpoint());
        const { body } = await create();
        expect(body.suspendedReason).toContain(why);
        expect(body.suspendedReason).toContain('WebHook-Allowed-Origin: events.example.com');
        Object.assign(endpoint(), { origins: ['events.example.com'], instead: undefined, rate: 120 });
        expect((await call(`POST ${PATH}/${body.id}/resume`)).body).toMatchObject({ suspendedReason: null });
      });
    },
    [...DATABASES],
  );

  it.each([{ origin: 'https://example.com/' }, { origin: 'a\r\nb' }, { origin: 'example.com', rate: 0 }])(
    'is not made with %j',
    (options) => {
      expect(() => cloudEventsValidation(options)).toThrow(WebhooksConfigurationError);
    },
  );
});
