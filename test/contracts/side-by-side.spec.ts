import { axiosTransport, defineTopic } from 'nestjs-webhooks';
import { ewarehousing, packcloud, readycloud, standard } from 'nestjs-webhooks/contracts';
import { certificate } from '../transport/localhost.certificate';
import { closeReceivers, httpsReceiver, type Receiver } from '../transport/receiver';
import { describeContracts } from './contracts-host';

const OrderCreated = defineTopic('order.created');
const ALL = [standard(), packcloud(), ewarehousing(), readycloud()];
/** The routes of each contract, with a request that makes a subscription. */
const CREATIONS: readonly [contract: string, route: string, wanted: (url: string) => object][] = [
  ['standard', '/webhooks/subscriptions', (url) => ({ url, topics: ['order.created'] })],
  [
    'packcloud',
    '/v1/organizations/acme/webhooks',
    (url) => ({ endpoint: url, event_code: 'order.created', secret: 's' }),
  ],
  ['ewarehousing', '/webhooks/', (url) => ({ url, group: 'order', action: 'created', hash_secret: 's' })],
  ['readycloud', '/api/v2/orgs/acme/webhooks/', (remote_url) => ({ remote_url })],
];

describe('Contracts side by side in one host', () => {
  let receiver: Receiver;
  beforeAll(async () => (receiver = await httpsReceiver()));
  afterAll(closeReceivers);

  const transport = axiosTransport({ tls: { ca: certificate } });
  describeContracts({ contracts: ALL, topics: [OrderCreated], webhooks: { transport } }, (host) => {
    const target = (name: string) => receiver.at('localhost', `/${name}`);

    it('serve a subscription each, and deliver one event to all, each in its own way, over https', async () => {
      for (const [name, route, wanted] of CREATIONS) {
        expect((await host().call(`POST ${route}`, wanted(target(name)))).status).toBe(201);
      }
      receiver.received.length = 0;
      await host().webhooks.publish(OrderCreated, { id: 'A-1' }, { tenant: 'acme' });
      await host().webhooks.idle();
      const sent = receiver.received.map(({ method, path, body }) => `${method} ${path} ${body.toString()}`).sort();
      expect(sent).toEqual([
        'POST /ewarehousing {"body":{"id":"A-1"},"group":"order","action":"created","entity":"order","customer":"acme","entityId":"A-1"}',
        'POST /packcloud {"event":"order.created","data":{"id":"A-1"}}',
        'POST /standard {"type":"order.created","timestamp":"2025-01-01T00:00:00.000Z","data":{"id":"A-1"}}',
        'PUT /readycloud/A-1 {"id":"A-1"}',
      ]);
    });

    it('do not show each other’s, in lists or by id', async () => {
      const { data } = await host().subscriptions.list();
      for (const [name, route] of CREATIONS) {
        const list = JSON.stringify((await host().call(`GET ${route}`)).body);
        expect(CREATIONS.filter(([other]) => list.includes(target(other))).map(([other]) => other)).toEqual([name]);
      }
      const uuidOf = (id: string) => id.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      for (const { id, number, contract } of data) {
        const statuses = [
          ['standard', `/webhooks/subscriptions/${id}`],
          ['packcloud', `/v1/organizations/acme/webhooks/${uuidOf(id)}`],
          ['ewarehousing', `/webhooks/${uuidOf(id)}/`],
          ['readycloud', `/api/v2/orgs/acme/webhooks/${number}/`],
        ].map(async ([name, path]) => [name, (await host().call(`GET ${path}`)).status]);
        for (const [name, status] of await Promise.all(statuses)) expect(status).toBe(name === contract ? 200 : 404);
      }
    });

    it('answer what cannot be parsed each in its own words', async () => {
      const type = { authorization: 'Bearer acme', 'content-type': 'application/json' };
      const said: string[] = [];
      for (const [, route] of CREATIONS) said.push((await host().send(`POST ${route}`, type, '{')).text);
      expect(said).toEqual([
        '{"type":"about:blank","title":"Bad Request","status":400,"detail":"The body is not JSON.","code":"WEBHOOKS_MALFORMED_BODY"}',
        '{"message":"The body is not JSON."}',
        '{"code":400,"message":"The body is not JSON."}',
        '{"detail":"JSON parse error - The body is not JSON."}',
      ]);
      expect((await host().send('POST /elsewhere', type, '{')).body).not.toHaveProperty('detail');
    });

    it('answer methods that there are not each in its own words', async () => {
      const said: string[] = [];
      for (const [, route] of CREATIONS) said.push((await host().call(`PATCH ${route}`, {})).text);
      expect(said).toEqual([
        '{"type":"about:blank","title":"Method Not Allowed","status":405,' +
          '"detail":"Method \\"PATCH\\" is not allowed here, only GET, POST.","code":"WEBHOOKS_METHOD_NOT_ALLOWED"}',
        '{"message":"The PATCH method is not supported for this route. Supported methods: GET, POST."}',
        '{"code":405,"message":"Method \\"PATCH\\" is not allowed here, only GET, POST."}',
        '{"detail":"Method \\"PATCH\\" not allowed."}',
      ]);
      const operating = await host().call('DELETE /webhooks/deliveries/1');
      expect([operating.status, operating.headers.get('allow')]).toEqual([405, 'GET']);
    });

    it('refuse a contract that nobody serves', async () => {
      const wanted = { url: 'https://example.com/', topics: ['*'], contract: 'githbu' };
      await expect(host().subscriptions.create(wanted)).rejects.toThrow(
        'no contract "githbu" is served, only standard',
      );
    });
  });
});
