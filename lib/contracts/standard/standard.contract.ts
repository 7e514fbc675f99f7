import type { Handshake } from '../../deliveries/handshake';
import { standardWebhooks } from '../../signing/standard-webhooks.scheme';
import { chosenBy } from '../delivery/delivery-description';
import { formatted } from '../delivery/formats';
import { defineContract, type Contract, type ContractPlace } from '../contract';
import { batch } from '../fields/batch';
import { credentials, secretHeaders } from '../fields/credentials';
import { filter } from '../fields/filter';
import { format, versions } from '../fields/format';
import { identifier } from '../fields/identity';
import { namedTenant } from '../fields/named-tenant';
import { order } from '../fields/order';
import { rate } from '../fields/rate';
import { overlapSeconds, publicKey, secret } from '../fields/secret';
import { createdAt, enabled, suspendedAt, suspendedReason, updatedAt } from '../fields/state';
import { choice, description, metadata } from '../fields/stored';
import { topics } from '../fields/topics';
import { url } from '../fields/url';
import { ownIds } from '../identities';
import { cursorPages } from '../lists/pages';
import type { Envelope } from '../lists/list-format';
import { listSchema, objectSchema } from '../generated/openapi';
import { del, get, patch, post } from '../operations';
import { milliseconds } from '../times';
import { hostTopics } from '../topic-names';
import { tenantFilter } from './list.dto';
import { standardErrors } from './standard.errors';
import { standardRequest } from './standard.request';

const GONE = 410;

/** No topic of a host begins with this word. */
const SIGNATURES = { v1: standardWebhooks(), v1a: standardWebhooks({ version: 'v1a' }) };

const cursorEnvelope: Envelope = {
  body: ({ items, cursor }) => ({ data: items, nextCursor: cursor }),
  schema: (items) => pageSchema(items),
};

/** The schema of a page, as all lists of the standard API have it. */
export function pageSchema(items: object): object {
  const nextCursor = {
    type: 'string',
    nullable: true,
    description: 'The `cursor` of the next page; null on the last.',
  };
  return objectSchema({ data: listSchema(items), nextCursor });
}

export interface StandardOptions extends ContractPlace {
  /** Where it is mounted. @default 'webhooks' */
  readonly path?: string;
  /** What an endpoint has to answer before it gets anything, such as {@link signedChallenge}. @default nothing */
  readonly handshake?: Handshake;
}

/**
 * The API of this library itself: Standard Webhooks deliveries, RFC 9457 problems, cursors. Where a host serves it, the
 * lists of topics, events and deliveries stand beside it.
 */
export function standard({ path = 'webhooks', handshake, ...rest }: StandardOptions = {}): Contract {
  return defineContract({
    ...rest,
    name: 'standard',
    path: `${path}/subscriptions`,
    noun: 'WebhookSubscription',
    heading: 'Webhook subscriptions',
    operations: {
      list: get(),
      create: post(),
      read: get(':id'),
      update: patch(':id'),
      remove: del(':id'),
      rotate: post(':id/rotate-secret'),
      resume: post(':id/resume'),
    },
    fields: {
      id: identifier(),
      url: url(),
      topics: topics(hostTopics, {
        description: 'Which topics are wanted: names, beginnings that end in ".*", or "*" for all.',
      }),
      filter: filter(),
      versions: versions(),
      format: format(),
      order: order(),
      rate: rate(),
      batch: batch(),
      headers: secretHeaders(),
      credentials: credentials(),
      description: description(),
      metadata: metadata(),
      tenant: namedTenant(),
      enabled: enabled(),
      suspendedAt: suspendedAt(milliseconds),
      suspendedReason: suspendedReason(),
      createdAt: createdAt(milliseconds),
      updatedAt: updatedAt(milliseconds),
      signature: choice('signature', Object.keys(SIGNATURES), {
        default: 'v1',
        onlyOnCreate: true,
        description: 'How deliveries are signed: "v1" with a shared secret, "v1a" with a key pair.',
      }),
      publicKey: publicKey(),
      secret: secret({
        from: 'either',
        shown: ['create', 'rotate'],
        onlyOnCreate: true,
        keyPairs: true,
        description:
          'What deliveries are signed with: "whsec_" and the base64 of 24 to 64 bytes. For "v1a" it is a private key, ' +
          '"whsk_" and the base64 of 64 bytes, and never shown.',
      }),
      overlapSeconds: overlapSeconds(),
    },
    unknownFields: 'refuse',
    list: cursorPages({
      cursorParameter: 'cursor',
      identity: ownIds,
      message: '$property must be the nextCursor of the page before',
      newestFirst: true,
      parts: [tenantFilter],
      envelope: cursorEnvelope,
    }),
    errors: standardErrors,
    delivery: {
      ...formatted({ link: ({ id }) => `${path}/events/${id}`, source: path }),
      signature: chosenBy('signature', SIGNATURES),
      suspends: (status) => (status === GONE ? 'gone' : null),
      suspendsWhenFailing: true,
      obeysReceivers: true,
      whileOff: 'hold',
      handshake,
      described: standardRequest,
    },
  });
}
