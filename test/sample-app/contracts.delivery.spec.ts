import { createHmac, type BinaryToTextEncoding } from 'node:crypto';
import { axiosTransport } from 'nestjs-webhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { certificate } from '../transport/localhost.certificate';
import { closeReceivers, httpsReceiver, type Received, type Receiver } from '../transport/receiver';
import { AN_ORDER, Sample } from './sample';

const SECRET = 'ABC12345';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ADA = { name: 'Ada', email: 'ada@example.com' };

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  let sample: Sample;
  let receiver: Receiver;

  beforeEach(async () => {
    handle = await database.create();
    sample = await Sample.start(handle, axiosTransport({ tls: { ca: certificate } }));
    receiver = await httpsReceiver();
  });

  afterEach(async () => {
    await sample.stop();
    await closeReceivers();
    await handle.drop();
  });

  const url = (path = '/hook') => receiver.at('localhost', path);
  const arrived = (count: number) =>
    sample.eventually(() => Promise.resolve(receiver.received.length >= count ? receiver.received : undefined));

  describe('ReadyCloud', () => {
    const subscribe = async (entity: string) => {
      const wanted = { entity, remote_url: url(`/${entity}/`) };
      return (await sample.acme.post<{ token: string }>('/api/v2/orgs/1/webhooks/', wanted)).body.token;
    };

    it('puts an order where it belongs, as a GET shows it, and deletes it there', async () => {
      const token = await subscribe('orders');
      const { body: order } = await sample.acme.post('/orders', AN_ORDER);
      const path = `/orders/${order.id}`;
      const [created] = await arrived(1);
      expect(summaryOf(created!)).toEqual([`PUT ${path}`, (await sample.acme.get(path)).body]);
      await sample.acme.patch(path, { reference: 'A-1002' });
      const [, changed] = await arrived(2);
      expect(summaryOf(changed!)).toEqual([`PUT ${path}`, (await sample.acme.get(path)).body]);
      await sample.acme.delete(path);
      const [, , deleted] = await arrived(3);
      expect(summaryOf(deleted!)).toEqual([`DELETE ${path}`, null]);
      for (const { headers } of receiver.received) expect([headers.http_auth, headers.auth]).toEqual([token, token]);
    });

    it('puts a contact where it belongs, and nobody else’s', async () => {
      await subscribe('contact');
      await sample.globex.post('/contacts', ADA);
      await sample.acme.post('/orders', AN_ORDER);
      const { body: contact } = await sample.acme.post('/contacts', ADA);
      const [received] = await arrived(1);
      const path = `/contacts/${contact.id}`;
      expect(summaryOf(received!)).toEqual([`PUT /contact/${contact.id}`, (await sample.acme.get(path)).body]);
    });
  });

  describe('eWarehousing Solutions', () => {
    const subscribe = (group: string, action: string) =>
      sample.acme.post('/webhooks/', { url: url(), group, action, hash_secret: SECRET });

    it('posts a stock level as stock/updated of a variant, from its first change on', async () => {
      await subscribe('stock', 'updated');
      await sample.globex.patch('/stock/SKU-1', { physical: 1 });
      const { body: first } = await sample.acme.patch('/stock/SKU-1', { physical: 1000, salable: 973 });
      await arrived(1);
      await sample.acme.patch('/stock/SKU-1', { salable: 970 });
      const customer = 'be62c27e-2aac-4ac1-902e-f770d64f8dce';
      const said = { group: 'stock', action: 'updated', entity: 'variant', customer, entityId: first.id };
      const level = { id: first.id, sku: 'SKU-1', physical: 1000 };
      expect((await arrived(2)).map(summaryOf)).toEqual([
        ['POST /hook', { body: { ...level, salable: 973 }, ...said }],
        ['POST /hook', { body: { ...level, salable: 970 }, ...said }],
      ]);
      for (const { headers, body } of receiver.received) {
        expect(headers['x-webhook-topic']).toBe('stock.updated');
        expect(headers['x-webhook-id']).toMatch(UUID);
        expect(headers['x-hmac-sha256']).toBe(hmac(body, 'base64'));
      }
    });

    it.each(['created', 'updated', 'shipped'])('posts an order that is %s', async (action) => {
      const { body: order } = await sample.acme.post('/orders', AN_ORDER);
      await subscribe('order', action);
      const changes: Readonly<Record<string, () => Promise<{ body: { id: string } }>>> = {
        created: () => sample.acme.post('/orders', AN_ORDER),
        updated: () => sample.acme.patch(`/orders/${order.id}`, { reference: 'A-1002' }),
        shipped: () => sample.acme.post(`/orders/${order.id}/ship`),
      };
      const { body: changed } = await changes[action]!();
      const [received] = await arrived(1);
      const about = { group: 'order', action, entity: 'order', entityId: changed.id };
      expect(summaryOf(received!)[1]).toMatchObject({ ...about, body: { id: changed.id, lines: AN_ORDER.lines } });
      expect(received!.headers['x-hmac-sha256']).toBe(hmac(received!.body, 'base64'));
    });
  });

  describe('Pack.cloud', () => {
    it.each(['created', 'shipped', 'canceled'])('posts an order that is %s', async (event) => {
      const event_code = `order.${event}`;
      await sample.acme.post('/v1/organizations/acme/webhooks', { event_code, endpoint: url(), secret: SECRET });
      await sample.globex.post('/orders', AN_ORDER);
      const { body: order } = await sample.acme.post('/orders', AN_ORDER);
      if (event !== 'created') await sample.acme.post(`/orders/${order.id}/${event === 'shipped' ? 'ship' : 'cancel'}`);
      const [received] = await arrived(1);
      const data = expect.objectContaining({ id: order.id, reference: 'A-1001' }) as object;
      expect(summaryOf(received!)).toEqual(['POST /hook', { event: event_code, data }]);
      expect(received!.headers.signature).toBe(hmac(received!.body, 'hex'));
    });

    it('delivers over http too, and the receiver of the sample verifies it', async () => {
      const endpoint = `${sample.url}/receiver/packcloud`;
      const wanted = { event_code: 'order.created', endpoint, secret: SECRET };
      await sample.acme.post('/v1/organizations/acme/webhooks', wanted);
      await sample.acme.post('/orders', AN_ORDER);
      expect(await sample.received('packcloud', 1)).toMatchObject([{ verified: true, status: 204 }]);
    });
  });
});

function summaryOf({ method, path, body }: Received): [request: string, body: unknown] {
  return [`${method} ${path}`, JSON.parse(body.toString() || 'null')];
}

function hmac(body: Buffer, encoding: BinaryToTextEncoding): string {
  return createHmac('sha256', SECRET).update(body).digest(encoding);
}
