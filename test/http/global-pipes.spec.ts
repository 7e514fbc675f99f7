import { BadRequestException, ValidationPipe, type PipeTransform } from '@nestjs/common';
import { describeManagement, idsOf } from './management-host';

const strict = { whitelist: true, forbidNonWhitelisted: true, transform: true };

/** Changes every text that it can find: ids, tenants, URLs, and the names of the fields. */
const upperCasing: PipeTransform = { transform: upperCase };

function upperCase(value: unknown): unknown {
  if (typeof value === 'string') return value.toUpperCase();
  if (Array.isArray(value)) return value.map(upperCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toUpperCase(), upperCase(each)]));
}

const refusing: PipeTransform = {
  transform() {
    throw new BadRequestException('I take nothing.');
  },
};

const PIPES: [does: string, pipe: PipeTransform][] = [
  ['validates strictly', new ValidationPipe(strict)],
  ['validates custom decorators too', new ValidationPipe({ ...strict, validateCustomDecorators: true })],
  ['expects one class of everybody', new ValidationPipe({ ...strict, expectedType: class Expected {} })],
  ['changes all texts', upperCasing],
  ['refuses everything', refusing],
];

describe.each(PIPES)('The management API in a host whose global pipe %s', (_, pipe) => {
  describeManagement(
    (host) => {
      const call = (route: string, body?: unknown) => host().call('acme', route, body);

      it('takes bodies as they are', async () => {
        const wanted = { metadata: { team: 'ours' }, topics: ['order.*'], description: 'Ours' };
        const { id, tenant } = await host().subscribe('acme', wanted);
        expect(tenant).toBe('acme');
        expect((await call(`GET /webhooks/subscriptions/${id}`)).body).toMatchObject({ id, ...wanted });
        const changed = await call(`PATCH /webhooks/subscriptions/${id}`, { description: 'Still ours' });
        expect(changed).toMatchObject({ status: 200, body: { id, description: 'Still ours' } });
      });

      it('takes ids as they are', async () => {
        const { id } = await host().subscribe('acme');
        expect((await call(`POST /webhooks/subscriptions/${id}/resume`)).status).toBe(200);
        expect((await call(`DELETE /webhooks/subscriptions/${id}`)).status).toBe(204);
        const { id: event } = await host().webhooks.publish('order.shipped', { account: 'acme' });
        expect((await call(`GET /webhooks/events/${event}`)).body.id).toBe(event);
        expect((await call('GET /webhooks/deliveries/%00')).body.detail).toContain('not an id');
      });

      it('takes queries as they are, and passes over what is not ours', async () => {
        const { id } = await host().subscribe('globex');
        const list = await host().call('operator', 'GET /webhooks/subscriptions?limit=1&tenant=globex&nope=1');
        expect(list.status).toBe(200);
        expect(idsOf(list.body)).toEqual([id]);
      });

      it('keeps tenants apart', async () => {
        const { id } = await host().subscribe('acme in capitals');
        expect((await call(`GET /webhooks/subscriptions/${id}`)).status).toBe(404);
        expect(idsOf((await call('GET /webhooks/subscriptions')).body)).not.toContain(id);
      });

      it('refuses in its own words, with its code and the fields', async () => {
        const created = await call('POST /webhooks/subscriptions', { url: 7, topics: ['*'], colour: 'red' });
        expect(created).toMatchObject({ status: 400, body: { code: 'WEBHOOKS_INVALID_REQUEST' } });
        expect(created.body.errors).toEqual([
          { field: 'colour', message: 'property colour should not exist' },
          { field: 'url', message: 'url must be a string' },
        ]);
        const listed = await call('GET /webhooks/subscriptions?limit=0');
        expect(listed).toMatchObject({ status: 400, body: { code: 'WEBHOOKS_INVALID_REQUEST' } });
        expect(listed.body.errors).toEqual([{ field: 'limit', message: 'limit must not be less than 1' }]);
      });
    },
    { prepare: (app) => void app.useGlobalPipes(pipe) },
  );
});
