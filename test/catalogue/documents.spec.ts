import { defineTopic, type JsonSchema, type Topic } from 'nestjs-webhooks';
import { defineContract, packcloud, standard, statuses, type Contract } from 'nestjs-webhooks/contracts';
import { asyncApiOf } from '../../lib/documents/asyncapi';
import { eventTypes } from '../../lib/documents/event-types';
import { withWebhooks } from '../../lib/documents/openapi';
import { publishedEvents } from '../../lib/documents/published-events';
import { subscriberDocs } from '../../lib/documents/subscriber-docs';
import { PayloadSchemas } from '../../lib/schemas/payload-schemas';
import { compiledSource } from '../support/compiled-source';
import { asyncApiErrors, schemaErrors, validateOpenApi } from '../support/public-validators';

const LINE: JsonSchema = { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } };

const OrderShipped = defineTopic('order.shipped', undefined, {
  description: 'An order has left.',
  group: 'Orders',
  version: 2,
  example: { id: 'A-1', lines: [{ sku: 'SKU-1' }] },
  schema: {
    type: 'object',
    required: ['id', 'lines'],
    properties: {
      id: { type: 'string', description: 'Ends no comment: */' },
      note: { type: ['string', 'null'], deprecated: true },
      state: { enum: ['open', "it's", null] },
      lines: { type: 'array', items: { $ref: '#/$defs/Line' } },
      parent: { anyOf: [{ $ref: '#' }, { type: 'null' }] },
      size: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], items: false },
      totals: { type: 'object', additionalProperties: { type: 'integer' } },
      'odd-name': { allOf: [{ $ref: '#/$defs/Line' }, { type: 'object', properties: { more: { type: 'boolean' } } }] },
      anything: { not: { type: 'null' } },
    },
    $defs: { Line: LINE },
  },
});
const OtherLine = defineTopic('line.added', undefined, {
  schema: { $ref: '#/$defs/Line', $defs: { Line: { ...LINE, required: [] } } },
});
const Old = defineTopic('order.old', undefined, { deprecated: 'Use order.shipped.' });
const TOPICS = [OtherLine, Old, OrderShipped];

const schemas = new PayloadSchemas();
const schemaOf = (topic: Topic) => schemas.of(topic);
const openapi = (contracts: readonly Contract[] = [standard()], given: object = {}) =>
  withWebhooks(
    { openapi: '3.0.0', info: { title: 'Shop', version: '1' }, paths: {}, ...given },
    contracts,
    TOPICS,
    schemaOf,
  );
const asyncapi = () => asyncApiOf(standard(), { title: 'Shop', version: '1' }, TOPICS, schemaOf);

type Json = Record<string, Record<string, unknown>>;
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;

describe('An OpenAPI document', () => {
  it('becomes one of 3.1 that is valid, and says what is sent of every topic', async () => {
    const document = json(openapi());
    expect(await validateOpenApi(document)).toEqual({ valid: true, version: '3.1' });
    const { post } = document.webhooks!['order.shipped'] as { post: Json };
    expect(post).toMatchObject({
      operationId: 'onOrderShipped',
      summary: 'order.shipped',
      description: 'An order has left.',
      tags: ['Orders'],
      security: [],
      'x-topic-version': 2,
    });
    const names = (post.parameters as unknown as { name: string; in: string }[]).map(
      (each) => `${each.in} ${each.name}`,
    );
    expect(names).toEqual(['header webhook-id', 'header webhook-timestamp', 'header webhook-signature']);
    expect(Object.keys(post.responses!)).toEqual(['410', '2XX', 'default']);
    expect(document.webhooks!['order.old']).toMatchObject({
      post: { deprecated: true, description: 'Deprecated: Use order.shipped.' },
    });
  });

  it('keeps what the host says, and shares no name with it for what is different', async () => {
    const mine = {
      OrderShippedPayload: { type: 'object', properties: { x: { type: 'string', nullable: true } } },
      Line: LINE,
    };
    const given = {
      components: { schemas: mine, securitySchemes: {} },
      webhooks: { mine: { post: { responses: { 200: { description: 'Taken.' } } } } },
    };
    const document = json(openapi([standard()], given));
    const named = document.components as { schemas: Record<string, JsonSchema> };
    expect(Object.keys(document.webhooks!)).toEqual(['mine', 'line.added', 'order.old', 'order.shipped']);
    expect(named.schemas.OrderShippedPayload!.properties).toEqual({ x: { type: ['string', 'null'] } });
    expect(named.schemas.WebhookOrderShippedPayload!.required).toEqual(['id', 'lines']);
    expect(await validateOpenApi(document)).toMatchObject({ valid: true });
  });

  it('shares with the host what is the same, examples included', () => {
    const sku = { type: 'string', nullable: true, example: 'SKU-1' };
    const components = { schemas: { LineAddedPayload: { type: 'object', properties: { sku } } } };
    const topic = defineTopic('line.added', undefined, {
      schema: { type: 'object', properties: { sku: { type: ['string', 'null'], examples: ['SKU-1'] } } },
    });
    const document = withWebhooks({ openapi: '3.0.0', components }, [standard()], [topic], schemaOf);
    expect(Object.keys(document.components.schemas)).toEqual(['LineAddedEvent', 'LineAddedPayload']);
  });

  it('says of a contract what it says of itself, and nothing of one that says nothing', async () => {
    const { description } = standard();
    const other = defineContract({
      ...description,
      name: 'shop',
      path: 'shop/hooks',
      delivery: {
        ...description.delivery,
        method: 'PUT',
        succeeds: statuses(200, 201),
        described: ({ name, payload }) =>
          name === 'order.old'
            ? null
            : {
                body: { type: 'object', properties: { [name]: payload } },
                headers: {},
                signature: { header: 'x', description: 'y' },
              },
      },
    });
    const document = json(openapi([packcloud(), other]));
    expect(Object.keys(document.webhooks!)).toEqual(['shop/line.added', 'shop/order.shipped']);
    const { put } = document.webhooks!['shop/order.shipped'] as { put: Json };
    expect(put.operationId).toBe('onShopOrderShipped');
    expect(Object.keys(put.responses!)).toEqual(['200', '201', '410', 'default']);
    expect(await validateOpenApi(document)).toMatchObject({ valid: true });
  });
});

describe('An AsyncAPI document', () => {
  it('is valid, and has a channel, an operation and a message of every topic', () => {
    const document = json(asyncapi());
    expect(asyncApiErrors(document)).toEqual([]);
    const names = ['line.added', 'order.old', 'order.shipped'];
    const messages = document.components!.messages as Json;
    for (const part of [document.channels, document.operations, messages]) expect(Object.keys(part!)).toEqual(names);
    expect(messages['order.shipped']).toMatchObject({
      title: 'order.shipped',
      tags: [{ name: 'Orders' }],
      'x-topic-version': 2,
      examples: [{ payload: { type: 'order.shipped', data: OrderShipped.example } }],
    });
    expect(messages['order.old']).toMatchObject({ 'x-deprecated': 'Use order.shipped.' });
  });

  it('has schemas that tell good bodies from bad ones, those of recursive payloads and of equal names included', () => {
    const body = (type: string, data: object) => ({ type, timestamp: '2026-01-31T12:00:00.000Z', data });
    const errors = (type: string, data: object) =>
      schemaErrors(asyncapi(), `#/components/messages/${type}/payload`, body(type, data));
    const good = { id: 'A', lines: [] };
    expect(errors('order.shipped', { ...good, parent: good })).toEqual([]);
    expect(errors('order.shipped', { ...good, parent: { id: 'B' } })).not.toEqual([]);
    expect(errors('order.shipped', { ...good, lines: [{}] })).not.toEqual([]);
    expect(errors('line.added', {})).toEqual([]);
    expect(errors('line.added', { sku: 1 })).not.toEqual([]);
  });
});

describe.each([
  ['an AsyncAPI', asyncapi],
  ['an OpenAPI', openapi],
])('From %s document', (_, document) => {
  const read = () => publishedEvents(json(document()));

  it('come TypeScript types that compile and tell events apart', () => {
    const types = eventTypes(read());
    const use = `
      export function skuOf(event: WebhookEvent): string | undefined {
        if (event.type !== 'order.shipped') return undefined;
        const { id, note, state, lines, parent, size, totals, 'odd-name': odd, anything } = event.data;
        const taken: [string, string | null | undefined, 'open' | "it's" | null | undefined] = [id, note, state];
        const [count, unit]: [number, string] = size ?? [1, 'm'];
        const sum: number | undefined = totals?.['all'];
        const more: boolean | undefined = odd?.more;
        // @ts-expect-error what nobody describes is unknown
        const wrong: string = anything;
        return [taken, count, unit, sum, more, wrong].length > 0 ? parent?.lines[0]?.sku ?? lines[0]?.sku : undefined;
      }
      export const topic: WebhookTopic = 'order.old';
      // @ts-expect-error there is no such topic
      export const none: WebhookTopic = 'order.none';
    `;
    expect(compiledSource(types + use)).toEqual([]);
    expect(types).toContain("  'order.shipped': OrderShippedEvent;");
    expect(types).toContain('@deprecated');
  });

  it('comes a page for subscribers', () => {
    const page = subscriberDocs(read());
    expect(page).toMatch(/^# Shop\n/);
    expect(page).toContain('## Verify what comes');
    expect(page).toContain('## Orders\n\n### `order.shipped`');
    expect(page).toContain('| `data.lines[].sku` | string | yes |');
    expect(page).toContain('| `data.parent` | object |');
    expect(page).toContain('**Deprecated**');
    expect(page).toContain('"sku": "SKU-1"');
  });
});

describe('A document that others wrote', () => {
  it.each([[null], ['text'], [{}], [{ asyncapi: '2.6.0' }], [{ openapi: 2 }]])('is refused as %j', (document) => {
    expect(() => publishedEvents(document)).toThrow('Expected an AsyncAPI 3 document');
  });

  it.each<[string, object]>([
    ['nothing in it', {}],
    ['things of other kinds in it', { components: { messages: [1, { title: 7, payload: true }], schemas: 'none' } }],
    [
      'references to nowhere',
      { components: { messages: { a: { title: 'a', payload: { $ref: '#/components/schemas/x' } } } } },
    ],
    [
      'references to elsewhere',
      {
        components: {
          messages: { a: { title: 'a', payload: { $ref: '#/components/schemas/b' } } },
          schemas: {
            b: { properties: { c: { $ref: 'other.json#/c' }, d: { anyOf: [{ $ref: 7 }, { type: 'null' }] } } },
          },
        },
      },
    ],
    [
      'words that would break out',
      {
        info: { title: 'a\nb */ c' },
        components: {
          messages: {
            a: { title: "a'; evil()//\n|`", summary: '*/ evil() /*', payload: { $ref: '#/components/schemas/9 a' } },
          },
          schemas: {
            '9 a': {
              type: 'object',
              properties: {
                "b'c\u2028": { const: "d'\n" },
                __proto__: { type: 'string' },
                e: { $ref: '#/components/schemas/9 a' },
              },
            },
          },
        },
      },
    ],
  ])('is read as far as it goes, with %s', (_, given) => {
    const events = publishedEvents({ asyncapi: '3.0.0', ...given });
    expect(compiledSource(eventTypes(events))).toEqual([]);
    expect(subscriberDocs(events)).toMatch(/^# /);
  });
});
