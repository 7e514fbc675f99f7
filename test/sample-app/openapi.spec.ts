import type { OpenAPIObject } from '@nestjs/swagger';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { checkerOf } from '../support/documented-answers';
import { CONTRACTS } from './contracts';
import { Sample } from './sample';

const REMOTE = 'https://example.com/hook';

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  let handle: DatabaseHandle;
  let sample: Sample;
  let document: OpenAPIObject;
  let check: ReturnType<typeof checkerOf>;

  beforeAll(async () => {
    handle = await database.create();
    sample = await Sample.start(handle);
    document = (await sample.stranger.get<OpenAPIObject>('/docs-json')).body;
    check = checkerOf(document);
  });

  afterAll(async () => {
    await sample.stop();
    await handle.drop();
  });

  /** The body of an answer that is as the document says. */
  const ask = async (route: string, status: number, body?: object, key = 'acme-key'): Promise<never> => {
    const [method, path] = route.split(' ') as [string, string];
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(sample.url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    const answered = {
      status: answer.status,
      headers: answer.headers,
      body: text ? (JSON.parse(text) as never) : null,
    };
    expect({ route, status: answered.status }).toEqual({ route, status });
    check(route, answered);
    return answered.body as never;
  };

  describe.each(CONTRACTS)('The OpenAPI document, of $name,', ({ path: { acme: list }, wanted, item, ...contract }) => {
    const { invalid, updates } = contract;

    it('describes what is there, page by page', async () => {
      const one = item(list, await ask(`POST ${list}`, 201, wanted(REMOTE)));
      await ask(`GET ${one}`, 200);
      await ask(`GET ${list}`, 200);
      await ask(`GET ${list}?page=2&limit=1&offset=1`, 200);
      if (updates) await ask(`PUT ${one}`, 200, wanted(`${REMOTE}/2`));
      await ask(`DELETE ${one}`, 204);
    });

    it('describes what is refused', async () => {
      const one = item(list, await ask(`POST ${list}`, 201, wanted(REMOTE)));
      await ask(`POST ${list}`, invalid, wanted('nowhere'));
      await ask(`POST ${list}`, invalid, {});
      await ask(`GET ${list}?page=0&offset=-1`, invalid);
      if (updates) await ask(`PUT ${one}`, invalid, wanted('nowhere'));
      await ask(`GET ${one}`, 401, undefined, 'unknown');
      await ask(`DELETE ${one}`, 204);
      await ask(`DELETE ${one}`, 404);
    });
  });

  it('says where a key may be, and what needs none', () => {
    expect(document.security).toEqual([{ bearer: [] }, { bearer_token: [] }]);
    expect(document.components!.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      bearer_token: { type: 'apiKey', in: 'query', name: 'bearer_token' },
    });
    expect(document.paths['/receiver/{name}']!.get!.security).toEqual([{}]);
    expect(document.paths['/webhooks/']!.get!.security).toBeUndefined();
  });

  it('names the values that fields take', () => {
    const schemas = document.components!.schemas as Record<string, { properties: Record<string, { enum: string[] }> }>;
    const values = (noun: string, field: string) => schemas[`New${noun}Webhook`]!.properties[field]!.enum;
    const entities = ['orders', 'packaging', 'contact', 'contact-address', 'acceptance-scan', 'webhook'];
    expect(values('Readycloud', 'entity')).toEqual(entities);
    expect(values('Packcloud', 'event_code')).toEqual(['order.canceled', 'order.created', 'order.shipped']);
    const groups = ['article', 'batch', 'inbound', 'modification', 'order', 'shipment', 'stock', 'variant'];
    expect([...values('Ewarehousing', 'group')].sort()).toEqual(groups);
  });

  it('names what may be asked of lists', () => {
    const asked = (path: string) => document.paths[path]!.get!.parameters!.map((each) => 'name' in each && each.name);
    expect(asked('/webhooks/')).toEqual(['limit', 'page', 'direction', 'sort', 'from', 'to']);
    expect(asked('/api/v2/orgs/{org_pk}/webhooks/')).toEqual(['org_pk', 'limit', 'offset']);
    expect(asked('/v1/organizations/{organizationId}/webhooks')).toEqual(['organizationId', 'page']);
  });
});
