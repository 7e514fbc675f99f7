import { unsigned } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';

const { constant, copiedHeaders, createdAt, defineContract, del, enabled, epochSeconds, flag, get, headers } =
  contracts;
const { identifier, listSchema, namedTopics, numbers, numberedPages, objectSchema, pathParameter, post } = contracts;
const { put, tenant, topic, updatedAt, url } = contracts;

const SCOPES = {
  'store/order/created': 'order.created',
  'store/order/updated': 'order.updated',
  'store/order/*': 'order.*',
};
const META = { type: 'object' };

/** Webhooks as BigCommerce has them: https://developer.bigcommerce.com/docs/rest-management/webhooks */
export function bigcommerce(): contracts.Contract {
  const names = namedTopics(SCOPES);
  return defineContract({
    name: 'bigcommerce',
    path: 'stores/:store_hash/v3/hooks',
    scope: pathParameter('store_hash'),
    topics: names,
    identity: numbers,
    operations: {
      list: get(),
      create: post('', { status: 200 }),
      read: get(':id'),
      update: put(':id'),
      remove: del(':id', { answers: 'subscription' }),
    },
    wrapper: {
      unwrap: (body) => body,
      wrap: (content) => ({ data: content, meta: {} }),
      schema: (content) => objectSchema({ data: content, meta: META }),
      requestSchema: (content) => content,
    },
    fields: {
      id: identifier(),
      client_id: constant('the app'),
      store_hash: tenant(),
      created_at: createdAt(epochSeconds),
      updated_at: updatedAt(epochSeconds),
      scope: topic(names),
      destination: url({ schemes: ['https', 'http'] }),
      is_active: enabled(),
      events_history_enabled: flag('events_history_enabled', { default: false }),
      headers: headers('headers', { required: false }),
    },
    list: numberedPages({
      counts: true,
      envelope: {
        body: ({ items, total, size, offset }) => ({
          data: items,
          meta: {
            pagination: {
              total,
              count: items.length,
              per_page: size,
              current_page: offset / size + 1,
              total_pages: Math.ceil(total / size),
            },
          },
        }),
        schema: (items) => objectSchema({ data: listSchema(items), meta: META }),
      },
    }),
    errors: {
      statusOf: ({ kind, status }) => (kind === 'invalid' ? 422 : status),
      bodyOf: ({ status, message, objections }) => ({
        status,
        title: message,
        type: 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes',
        errors: Object.fromEntries(objections.map(({ field, message: what }) => [field, what])),
      }),
      schemaOf: () => ({ type: 'object', required: ['status', 'title', 'type', 'errors'] }),
    },
    delivery: {
      headers: (_event, subscription) => copiedHeaders(subscription, 'headers'),
      body: ({ topic: scope, id, objectId, createdAt: at, tenant: store }) => ({
        producer: `stores/${store}`,
        hash: id,
        created_at: epochSeconds.write(at),
        scope,
        data: { type: 'order', id: objectId },
      }),
      signature: unsigned(),
    },
  });
}
