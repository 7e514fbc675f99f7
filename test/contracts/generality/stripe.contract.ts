import { timestamped, textSecret } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';

const { constant, cursorPages, defineContract, del, description, disabled, epochSeconds, form, get, identifier } =
  contracts;
const { createdAt, listSchema, metadata, namedTopics, neverShown, objectSchema, post, prefixed, secret } = contracts;
const { state, topics, url } = contracts;

const EVENTS = ['charge.succeeded', 'charge.failed', 'customer.created', '*'] as const;
const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };
const identity = prefixed('we_');
const random = textSecret({ characters: 32 });

/** Webhook endpoints as Stripe has them: https://docs.stripe.com/api/webhook_endpoints */
export function stripe(events: contracts.TopicMap<(typeof EVENTS)[number]> = {}): contracts.Contract {
  const names = namedTopics(EVENTS, events);
  return defineContract({
    name: 'stripe',
    path: 'v1/webhook_endpoints',
    topics: names,
    identity,
    requests: form,
    operations: {
      list: get(),
      create: post('', { status: 200 }),
      read: get(':id'),
      update: post(':id'),
      remove: del(':id', {
        answers: {
          body: ({ id, object }) => ({ id, object, deleted: true }),
          schema: objectSchema({ id: TEXT, object: TEXT, deleted: FLAG }),
        },
      }),
    },
    fields: {
      id: identifier(),
      object: constant('webhook_endpoint'),
      created: createdAt(epochSeconds),
      description: description({ longest: 500 }),
      enabled_events: topics(names),
      livemode: constant(false),
      metadata: metadata(),
      secret: secret({ from: 'server', shown: ['create'] }),
      status: state({ active: 'enabled', disabled: 'disabled' }, { readOnly: true }),
      url: url({ schemes: ['https', 'http'] }),
      disabled: neverShown(disabled()),
    },
    list: cursorPages({
      size: 10,
      largest: 100,
      cursorParameter: 'starting_after',
      identity,
      newestFirst: true,
      envelope: {
        body: ({ items, cursor, path }) => ({ object: 'list', url: path, has_more: cursor !== null, data: items }),
        schema: (items) => objectSchema({ object: TEXT, url: TEXT, has_more: FLAG, data: listSchema(items) }),
      },
    }),
    errors: {
      statusOf: ({ kind, status }) => (kind === 'refused' ? 400 : status),
      bodyOf: ({ message, objections: [first] }) => ({
        error: { type: 'invalid_request_error', message: first?.message ?? message, param: first?.field },
      }),
      schemaOf: () => ({ type: 'object', required: ['error'] }),
    },
    delivery: {
      body: ({ id, topic, createdAt: at, payload }) => ({
        id: id.replace('evt_', 'evt_1'),
        object: 'event',
        created: epochSeconds.write(at),
        data: { object: payload },
        type: topic,
      }),
      signature: timestamped({
        header: 'Stripe-Signature',
        secret: { generate: () => `whsec_${random.generate()}`, key: (given) => random.key(given) },
      }),
    },
  });
}
