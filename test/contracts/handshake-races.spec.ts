import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { standardWebhooks, SubscriptionsRepository, type Contract } from 'nestjs-webhooks';
import {
  defineContract,
  get,
  hostTopics,
  identifier,
  patch,
  ping,
  post,
  standardErrors,
  state,
  topics,
  url,
} from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const STATES = { active: 'on', disabled: 'off', suspended: 'paused', unverified: 'unverified' };

function pinged(name: string, required: boolean): Contract {
  return defineContract({
    name,
    path: name,
    operations: { create: post(), read: get(':id'), update: patch(':id'), verify: post(':id/verify') },
    fields: {
      id: identifier(),
      url: url(),
      topics: topics(hostTopics, { default: ['*'] }),
      state: state(STATES, { suspendable: true }),
    },
    errors: standardErrors,
    delivery: {
      body: ({ payload }) => payload,
      signature: standardWebhooks(),
      handshake: ping({ required, body: () => 'ping' }),
    },
  });
}

describe('An endpoint that has passed the handshake', () => {
  let server: Server;
  let held: (() => void) | undefined;
  beforeAll(async () => {
    server = createServer(({ url: path }, response) => {
      const answer = () => void response.writeHead(path === '/foreign' ? 404 : 200).end();
      if (path !== '/slow') return answer();
      held = answer;
      server.emit('held');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  describeContracts({ contracts: [pinged('lenient', false), pinged('strict', true)] }, (host) => {
    const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const call = async (route: string, body?: object) => {
      const answer = await host().call(route, body);
      return { status: answer.status, body: answer.body as { id: string; url: string; state: string } };
    };
    const newest = async () => (await host().subscriptions.list({ limit: 1 })).data[0]!.id;

    it('has not passed it for the one that the subscription was moved to meanwhile', async () => {
      const asked = once(server, 'held');
      const creation = call('POST /lenient', { url: at('/slow') });
      await asked;
      const id = await newest();
      await call(`PATCH /lenient/${id}`, { url: at('/foreign') });
      held!();
      await creation;
      expect((await call(`GET /lenient/${id}`)).body).toMatchObject({ url: at('/foreign'), state: 'unverified' });
    });

    it('has not passed it for one that was named while the owner paused the subscription', async () => {
      const { id } = (await call('POST /strict', { url: at('/here') })).body;
      await host().subscriptions.update(id, { url: at('/slow') });
      await call(`PATCH /strict/${id}`, { state: 'paused' });
      const asked = once(server, 'held');
      const resumption = call(`POST /strict/${id}/verify`);
      await asked;
      expect((await call(`PATCH /strict/${id}`, { url: at('/foreign') })).status).toBe(200);
      held!();
      await resumption;
      expect((await call(`GET /strict/${id}`)).body).toMatchObject({ url: at('/foreign'), state: 'paused' });
    });

    it('does not let the one before it back in, which was said again at the same moment', async () => {
      const { id } = (await call('POST /lenient', { url: at('/foreign') })).body;
      const repository = host().app.get(SubscriptionsRepository);
      const store = repository.update.bind(repository);
      const update = jest.spyOn(repository, 'update').mockImplementationOnce(async (...change) => {
        await call(`PATCH /lenient/${id}`, { url: at('/here') });
        return store(...change);
      });
      const { status } = await call(`PATCH /lenient/${id}`, { url: at('/foreign') });
      update.mockRestore();
      expect(status).toBe(409);
      expect((await call(`GET /lenient/${id}`)).body).toMatchObject({ url: at('/here'), state: 'on' });
    });

    it('is not suspended because the one before it has not', async () => {
      const { id } = (await call('POST /lenient', { url: at('/foreign') })).body;
      const update = jest.spyOn(host().subscriptions, 'update').mockImplementationOnce(async (...change) => {
        await call(`PATCH /lenient/${id}`, { url: at('/here') });
        return host().subscriptions.update(...change);
      });
      await call(`POST /lenient/${id}/verify`);
      update.mockRestore();
      expect((await call(`GET /lenient/${id}`)).body).toMatchObject({ url: at('/here'), state: 'on' });
    });
  });
});
