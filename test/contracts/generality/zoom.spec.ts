import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { defineTopic } from 'nestjs-webhooks';
import { describeContracts } from '../contracts-host';
import { zoom } from './zoom.contract';

const MeetingStarted = defineTopic('meeting.started');
const PATH = '/v2/accounts/acme/event_subscriptions';
const SECRET = 'the secret token';

interface Sent {
  readonly event: string;
  readonly payload: { readonly plainToken: string };
}

describe('A contract like that of Zoom', () => {
  let server: Server;
  let knowsSecret = true;
  let redirects = false;
  const received: { body: Sent; headers: NodeJS.Dict<string | string[]> }[] = [];
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void (json(request) as Promise<Sent>).then((body) => {
        received.push({ body, headers: request.headers });
        if (body.event !== 'endpoint.url_validation') return response.writeHead(redirects ? 302 : 500).end();
        const { plainToken } = body.payload;
        const encryptedToken = createHmac('sha256', knowsSecret ? SECRET : 'guess')
          .update(plainToken)
          .digest('hex');
        return response.end(JSON.stringify({ plainToken, encryptedToken }));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  describeContracts({ contracts: [zoom()], topics: [MeetingStarted] }, (host) => {
    const one = (wanted: object = {}) => ({
      name: 'ours',
      url: url(),
      events: ['meeting.started'],
      secret_token: SECRET,
      ...wanted,
    });
    const create = async (...subscriptions: object[]) => {
      const { status, body } = await host().call(`POST ${PATH}`, { subscriptions });
      expect(status).toBe(200);
      return (body as { ids: string[] }).ids;
    };
    const read = async (id: string) => (await host().call(`GET ${PATH}/${id}`)).body;

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      received.length = 0;
      knowsSecret = true;
      redirects = false;
    });

    it('makes several at once, answers their ids, and is active once the challenge came back', async () => {
      const ids = await create(one(), one({ name: 'theirs', state: 'paused' }));
      expect(await read(ids[0]!)).toEqual({
        id: ids[0],
        name: 'ours',
        url: url(),
        events: [{ event: 'meeting.started' }],
        state: 'active',
        headers: {},
        created_at: 1735689600000,
      });
      expect(await read(ids[1]!)).toMatchObject({ name: 'theirs', state: 'paused' });
      expect(received).toHaveLength(2);
      const { body, headers } = await host().call(`GET ${PATH}?limit=1`);
      expect([(body as unknown[]).length, headers.get('x-total-count'), headers.get('link')]).toEqual([1, '2', null]);
    });

    it('is pending and gets nothing where the challenge did not come back, until it does', async () => {
      knowsSecret = false;
      const [id] = await create(one());
      expect(await read(id!)).toMatchObject({ state: 'pending' });
      await host().webhooks.publish(MeetingStarted, {}, { tenant: 'acme' });
      await host().webhooks.idle();
      expect(received).toHaveLength(1);
      expect((await host().call(`POST ${PATH}/${id!}/validate`)).body).toMatchObject({ state: 'pending' });
      knowsSecret = true;
      expect((await host().call(`POST ${PATH}/${id!}/validate`)).body).toMatchObject({ state: 'active' });
    });

    it('copies the headers that the caller wants, but for those that frame or sign the request', async () => {
      redirects = true;
      await create(one({ headers: { 'X-Tenant': 'ours', 'X-ZM-Signature': 'forged' } }));
      const event = await host().webhooks.publish(MeetingStarted, { topic: 'Daily' }, { tenant: 'acme' });
      await host().webhooks.idle();
      expect(received[1]!.headers).toMatchObject({
        'x-tenant': 'ours',
        'x-zm-signature': expect.stringMatching(/^v0=/) as string,
      });
      expect(received[1]!.body).toMatchObject({ event: 'meeting.started', payload: { object: { topic: 'Daily' } } });
      expect((await host().deliveries.list({ event: event.id })).data).toMatchObject([{ state: 'delivered' }]);
      for (const headers of [{ host: 'x' }, { 'a b': 'c' }, { a: 'b\r\nc: d' }, { 'content-length': '1' }]) {
        expect((await host().call(`POST ${PATH}`, { subscriptions: [one({ headers })] })).status).toBe(400);
      }
    });

    it('makes none of several when one is wrong', async () => {
      const { status } = await host().call(`POST ${PATH}`, { subscriptions: [one(), one({ events: ['nothing'] })] });
      expect([status, (await host().subscriptions.list()).data]).toEqual([400, []]);
    });

    it('answers with what it deletes', async () => {
      const [id] = await create(one());
      const deleted = await host().call(`DELETE ${PATH}/${id!}`);
      expect([deleted.status, deleted.body]).toMatchObject([200, { id, name: 'ours' }]);
    });
  });
});
