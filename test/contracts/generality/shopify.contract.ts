import { appWide, hmac } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';

const { choice, createdAt, defineContract, del, get, identifier, localTime, member, namedTopics, numbers } = contracts;
const { cursorPages, post, put, topic, updatedAt, url, wrapped, bareArray } = contracts;

const EVENTS = {
  'orders/create': 'order.created',
  'orders/updated': 'order.updated',
  'app/uninstalled': 'app.uninstalled',
};
const NOTHING: contracts.Wrapper = { unwrap: (body) => body, wrap: () => ({}), schema: () => ({ type: 'object' }) };

/** Webhooks as Shopify's REST Admin API has them: https://shopify.dev/docs/api/admin-rest/latest/resources/webhook */
export function shopify(appSecret: string, timeZone = 'America/Toronto'): contracts.Contract {
  const names = namedTopics(EVENTS);
  const links = bareArray().headers!;
  return defineContract({
    name: 'shopify',
    path: 'admin/api/2024-01',
    topics: names,
    identity: numbers,
    wrapper: wrapped('webhook'),
    operations: {
      list: get('webhooks.json'),
      create: post('webhooks.json', { status: 201 }),
      read: get('webhooks/:id.json'),
      update: put('webhooks/:id.json'),
      remove: del('webhooks/:id.json', { answers: 'subscription', wrapper: NOTHING }),
    },
    fields: {
      id: identifier(),
      address: url(),
      topic: topic(names),
      created_at: createdAt(localTime(timeZone)),
      updated_at: updatedAt(localTime(timeZone)),
      format: choice('format', ['json', 'xml'], { default: 'json' }),
    },
    list: cursorPages({
      cursorParameter: 'since_id',
      identity: numbers,
      envelope: { ...member('webhooks'), headers: links, headerSchemas: bareArray().headerSchemas },
    }),
    errors: {
      statusOf: ({ kind, status }) => (kind === 'invalid' ? 422 : status),
      bodyOf: ({ message, objections }) => {
        const fields = objections.map(({ field, message: what }) => [field, [what.replace(`${field} `, '')]]);
        return { errors: fields.length > 0 ? (Object.fromEntries(fields) as object) : message };
      },
      schemaOf: () => ({ type: 'object', required: ['errors'] }),
    },
    delivery: {
      headers: ({ topic: name, id }) => ({ 'X-Shopify-Topic': name, 'X-Shopify-Webhook-Id': id }),
      body: ({ payload }) => payload,
      signature: appWide(hmac({ header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' }), [appSecret]),
      timeoutMs: 5_000,
      succeeds: contracts.statuses(200),
      failuresTolerated: 5,
    },
  });
}
