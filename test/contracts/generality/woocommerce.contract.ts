import { hmac } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';

const { bareArray, computed, createdAt, defineContract, del, get, identifier, localTime, namedTopics, namesOf } =
  contracts;
const { numberedPages, numbers, ownUrl, patch, ping, post, put, secret, sorting, state, text, topic, updatedAt, url } =
  contracts;

const TOPICS = ['order.created', 'order.updated', 'customer.created', 'product.deleted'] as const;
const FORM = 'application/x-www-form-urlencoded';
const GMT = localTime('UTC');
const word = (index: number) =>
  computed((subscription, showing) => namesOf(subscription, showing)[0]!.split('.')[index], { type: String });

/** Webhooks as WooCommerce has them: https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks */
export function woocommerce(store: string, timeZone: string): contracts.Contract {
  const names = namedTopics(TOPICS);
  const local = localTime(timeZone);
  return defineContract({
    name: 'woocommerce',
    path: 'wp-json/wc/v3/webhooks',
    topics: names,
    identity: numbers,
    operations: {
      list: get(),
      create: post(),
      read: get(':id'),
      update: [put(), patch(), post(':id')],
      remove: del(':id', { answers: 'subscription' }),
    },
    fields: {
      id: identifier(),
      name: {
        ...computed(({ settings, createdAt: at }) => settings.name ?? `Webhook created on ${local.write(at)}`, {
          type: String,
        }),
        taken: text('name', { required: false }).taken,
      },
      status: state({ active: 'active', disabled: 'paused', suspended: 'disabled' }, { suspendable: true }),
      topic: topic(names),
      resource: word(0),
      event: word(1),
      delivery_url: url(),
      secret: secret({ from: 'either', shown: 'never' }),
      date_created: createdAt(local),
      date_created_gmt: createdAt(GMT),
      date_modified: updatedAt(local),
      date_modified_gmt: updatedAt(GMT),
      _links: contracts.nested({
        self: computed((subscription, showing) => [{ href: ownUrl().shown!.value(subscription, showing) }], {
          type: 'array',
          items: { type: 'object' },
        }),
      }),
    },
    list: numberedPages({
      size: 10,
      largest: 100,
      sizeParameter: 'per_page',
      newestFirst: true,
      envelope: bareArray({
        links: ['prev', 'next'],
        total: 'X-WP-Total',
        others: { 'X-WP-TotalPages': ({ total, size }) => Math.ceil(total / size) },
      }),
      parts: [sorting({ parameter: 'orderby', direction: 'order', by: { date: 'createdAt', id: 'number' } })],
    }),
    errors: {
      bodyOf: ({ kind, status, message, objections }) => ({
        code: kind === 'invalid' ? 'rest_invalid_param' : `woocommerce_rest_${status}`,
        message,
        data: { status, params: Object.fromEntries(objections.map(({ field, message: what }) => [field, what])) },
      }),
      schemaOf: () => ({ type: 'object', required: ['code', 'message', 'data'] }),
    },
    delivery: {
      headers: ({ topic: name, id }, { number }) => ({
        'X-WC-Webhook-Source': store,
        'X-WC-Webhook-Topic': name,
        'X-WC-Webhook-ID': String(number),
        'X-WC-Webhook-Delivery-ID': id,
      }),
      body: ({ payload }) => payload,
      signature: hmac({ header: 'X-WC-Webhook-Signature', encoding: 'base64' }),
      retries: contracts.waits(),
      succeeds: contracts.statuses(200, 302),
      failuresTolerated: 5,
      handshake: ping({ contentType: FORM, body: ({ number }) => `webhook_id=${number}` }),
    },
  });
}
