import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { InvalidPublicationError, InvalidSubscriptionError, TooManySubscriptionsError } from 'nestjs-webhooks';
import { describeContracts } from '../contracts/contracts-host';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { isErrorOf } from './error-shapes';
import { CONTRACTS, OrderCreated, TOPICS, VALID_BODIES } from './served-contracts';

interface FastifyInstance {
  addHook(name: 'onRoute', hook: (route: { bodyLimit?: number }) => void): void;
}

const MOST = 3;
const LARGEST_BODY = 20_000;
const webhooks = { limits: { subscriptionsPerTenant: MOST, topicsPerSubscription: 2 } };
const PATHS: Readonly<Record<string, string>> = {
  standard: '/api/webhooks/subscriptions',
  readycloud: '/api/v2/orgs/acme/webhooks/',
  ewarehousing: '/webhooks/',
  packcloud: '/v1/organizations/acme/webhooks',
};

describe('A tenant may have so many subscriptions and no more', () => {
  describeEachDatabase((database) => {
    let handle: DatabaseHandle;
    const hosts: Host[] = [];
    beforeEach(async () => {
      handle = await database.create();
      for (let count = 0; count < 2; count++) hosts.push(await Host.start(handle, { topics: TOPICS, webhooks }));
    });
    afterEach(async () => {
      for (const host of hosts.splice(0)) await host.stop();
      await handle.drop();
    });

    const made = async (tenant: string | null) => (await hosts[0]!.subscriptions.list({ tenant: tenant! })).data.length;

    it('however many are asked for at once, in however many processes', async () => {
      const asked = Array.from({ length: 20 }, (_, index) => hosts[index % 2]!.subscribe({ tenant: 'acme' }));
      const outcomes = await Promise.allSettled(asked);
      const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refusals).toHaveLength(20 - MOST);
      for (const { reason } of refusals) expect(reason).toBeInstanceOf(TooManySubscriptionsError);
      expect(await made('acme')).toBe(MOST);
    });

    it('whatever others have, and again once one is removed', async () => {
      const [host] = hosts as [Host];
      for (let count = 0; count < MOST + 1; count++) await host.subscribe({ tenant: null });
      for (let count = 0; count < MOST; count++) await host.subscribe({ tenant: 'globex' });
      const first = await host.subscribe({ tenant: 'acme' });
      for (let count = 1; count < MOST; count++) await host.subscribe({ tenant: 'acme' });
      await expect(host.subscribe({ tenant: 'acme' })).rejects.toThrow('There are 3 subscriptions already');
      await host.subscriptions.remove(first.id);
      expect((await host.subscribe({ tenant: 'acme' })).tenant).toBe('acme');
    });
  });

  describeContracts({ contracts: CONTRACTS, topics: TOPICS, webhooks, prepare: limitBodies }, (host) => {
    const create = (contract: string, body: object) => host().call(`POST ${PATHS[contract]}`, body);
    const valid = (contract: string) => VALID_BODIES[contract]!('http://example.com/hooks');

    beforeAll(async () => {
      for (let count = 0; count < MOST; count++) {
        await host().subscriptions.create({ tenant: 'acme', url: 'https://example.com', topics: ['*'] });
      }
    });

    it.each(Object.keys(PATHS))('and is told so in the words of %s', async (contract) => {
      const { status, headers, text } = await create(contract, valid(contract));
      expect([status, text]).toEqual([409, expect.stringContaining('There are 3 subscriptions already')]);
      expect(isErrorOf(contract, { text, type: headers.get('content-type')! })).toBe(true);
    });

    it.each(Object.keys(PATHS))('and is told in the words of %s that a body is too large', async (contract) => {
      const { status, headers, text } = await create(contract, { ...valid(contract), more: 'x'.repeat(LARGEST_BODY) });
      expect([status, text]).toEqual([413, expect.stringContaining('The body is larger than is taken here.')]);
      expect(isErrorOf(contract, { text, type: headers.get('content-type')! })).toBe(true);
    });

    it('and is told of a hundred mistakes at most', async () => {
      const mistakes = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`mistake${index}`, index]));
      const { status, body } = await create('standard', { ...valid('standard'), ...mistakes });
      expect([status, (body as { errors: unknown[] }).errors.length]).toEqual([400, 100]);
    });
  });
});

function limitBodies(app: INestApplication): void {
  const adapter = app.getHttpAdapter();
  if (adapter.getType() === 'express') {
    (app as NestExpressApplication).useBodyParser('json', { limit: LARGEST_BODY });
  } else {
    const fastify = adapter.getInstance() as FastifyInstance;
    fastify.addHook('onRoute', (route) => void (route.bodyLimit = LARGEST_BODY));
  }
}

describe('A subscription may ask for so many topics and no more', () => {
  describeContracts({ contracts: CONTRACTS, topics: TOPICS, webhooks }, (host) => {
    const url = 'https://example.com/hooks';
    const topics = ['order.created', 'order.updated', 'order.shipped'];

    it('through the API, when it is made and when it is changed', async () => {
      const refusal = {
        status: 422,
        body: { errors: [{ field: 'topics', message: 'at most 2 topics can be asked for' }] },
      };
      expect(await host().call(`POST ${PATHS.standard}`, { url, topics })).toMatchObject(refusal);
      const { body } = await host().call(`POST ${PATHS.standard}`, { url, topics: [...topics.slice(1), topics[1]] });
      const { id } = body as { id: string };
      expect(await host().call(`PATCH ${PATHS.standard}/${id}`, { topics })).toMatchObject(refusal);
    });

    it('through the service', async () => {
      await expect(host().subscriptions.create({ url, topics })).rejects.toThrow('at most 2 topics');
    });

    it('besides those that its contract documents', async () => {
      const { status } = await host().call(`POST ${PATHS.readycloud}`, { remote_url: url, entity: 'orders' });
      expect(status).toBe(201);
    });
  });
});

describe('A tenant’s id', () => {
  it('is well-formed, because databases take all halves of surrogate pairs for the same character', async () => {
    const tenant = 'acme\ud800';
    const host: Host = await Host.start(
      { options: { type: 'better-sqlite3', database: ':memory:' } },
      { topics: TOPICS },
    );
    await expect(host.subscribe({ tenant })).rejects.toThrow(InvalidSubscriptionError);
    await expect(host.webhooks.publish(OrderCreated, {}, { tenant })).rejects.toThrow(InvalidPublicationError);
    await host.stop();
  });
});
