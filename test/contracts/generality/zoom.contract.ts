import { createHmac } from 'node:crypto';
import { hmac } from 'nestjs-webhooks';
import * as contracts from 'nestjs-webhooks/contracts';

const { challengeInBody, createdAt, defineContract, del, epochMilliseconds, get, headers, copiedHeaders } = contracts;
const { identifier, listSchema, namedTopics, objectSchema, offsetPages, patch, pathParameter, post } = contracts;
const { secret, state, text, topics, url, wrapped } = contracts;

const EVENTS = ['meeting.created', 'meeting.started', 'meeting.ended'] as const;

/**
 * Event subscriptions as Zoom validates them: https://developers.zoom.us/docs/api/webhooks. The endpoint has to answer a
 * challenge with its HMAC; until then the subscription is pending. Several are made at once, and only their ids answered.
 */
export function zoom(): contracts.Contract {
  const names = namedTopics(EVENTS);
  return defineContract({
    name: 'zoom',
    path: 'v2/accounts/:accountId/event_subscriptions',
    scope: pathParameter('accountId'),
    topics: names,
    operations: {
      list: get(),
      create: post('', {
        status: 200,
        wrapper: {
          several: true,
          unwrap: wrapped('subscriptions').unwrap,
          wrap: (made) => ({ ids: (made as { id: string }[]).map(({ id }) => id) }),
          schema: () => objectSchema({ ids: listSchema({ type: 'string' }) }),
          requestSchema: (one) => objectSchema({ subscriptions: listSchema(one) }),
        },
      }),
      read: get(':subscriptionId'),
      update: patch(':subscriptionId'),
      verify: post(':subscriptionId/validate'),
      remove: del(':subscriptionId', { answers: 'subscription' }),
    },
    fields: {
      id: identifier(),
      name: text('name'),
      url: url(),
      events: topics(names, {
        shownAs: { each: (event) => ({ event }), schema: { type: 'object', required: ['event'] } },
      }),
      state: state({ active: 'active', disabled: 'paused', suspended: 'disabled', unverified: 'pending' }),
      headers: headers('headers'),
      secret_token: secret({ from: 'either', shown: 'never' }),
      created_at: createdAt(epochMilliseconds),
    },
    list: offsetPages({ envelope: contracts.bareArray({ links: [], total: 'X-Total-Count' }) }),
    errors: {
      bodyOf: ({ status, message }) => ({ code: status, message }),
      schemaOf: () => ({ type: 'object', required: ['code', 'message'] }),
    },
    delivery: {
      headers: (_event, subscription) => copiedHeaders(subscription, 'headers'),
      body: ({ topic, createdAt: at, payload }) => ({ event: topic, event_ts: at, payload: { object: payload } }),
      signature: hmac({
        header: 'x-zm-signature',
        prefix: 'v0=',
        timestampHeader: 'x-zm-request-timestamp',
        content: ({ timestamp, body }) => `v0:${timestamp}:${body}`,
      }),
      succeeds: contracts.statuses(200, 302),
      handshake: challengeInBody({
        body: (plainToken) => ({ event: 'endpoint.url_validation', payload: { plainToken } }),
        echoes: (answer, plainToken, { secrets }) => {
          const { encryptedToken } = answer as { encryptedToken?: unknown };
          return encryptedToken === createHmac('sha256', secrets.current()).update(plainToken).digest('hex');
        },
      }),
    },
  });
}
