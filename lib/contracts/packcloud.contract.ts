import { hmac } from '../signing/hmac.scheme';
import type { RetrySchedule } from '../retry/retry-schedule';
import type { SignatureScheme } from '../signing/signature-scheme';
import { defineContract, type Contract, type ContractPlace } from './contract';
import { waits } from './delivery/delivery-description';
import { laravelErrors } from './errors/laravel.errors';
import { identifier } from './fields/identity';
import { secret } from './fields/secret';
import { createdAt, enabled, updatedAt } from './fields/state';
import { topic } from './fields/topics';
import { url } from './fields/url';
import { uuids } from './identities';
import { flat, laravel } from './lists/envelopes';
import { numberedPages } from './lists/pages';
import { del, get, post, put } from './operations';
import { pathParameter, type TenantNames } from './scopes';
import { microseconds } from './times';
import { namedTopics, type TopicMap } from './topic-names';
import { bare, wrapped } from './requests/wrappers';

const EVENT_CODES = ['order.canceled', 'order.created', 'order.shipped'] as const;

/** What the documentation of Pack.cloud leaves open; every default is an assumption of ours. */
export interface PackcloudOptions extends ContractPlace {
  /** Where it is mounted. @default 'v1' */
  readonly path?: string;
  /** Which topics of the host the event codes stand for. @default topics of the same names */
  readonly topics?: TopicMap<(typeof EVENT_CODES)[number]>;
  /** What organizations are called in paths. @default what the host calls its tenants */
  readonly organizations?: TenantNames;
  /** Whether lists have `prev`, `next` and `per_page` beside `data`, and not inside `links` and `meta`. @default false */
  readonly flat?: boolean;
  /** Whether single objects are inside a `data` as well. @default false */
  readonly wrapped?: boolean;
  /** @default hmac({ header: 'Signature' }): the hex HMAC-SHA256 of the body */
  readonly signature?: SignatureScheme;
  /** @default 3_000 */
  readonly timeoutMs?: number;
  /** @default waits('10s', '100s') */
  readonly retries?: RetrySchedule;
}

/** The webhooks of Pack.cloud (https://api.pack.cloud), version 1. */
export function packcloud({ path = 'v1', ...options }: PackcloudOptions = {}): Contract {
  const { organizations, signature, timeoutMs = 3_000, retries, ...place } = options;
  const topics = namedTopics(EVENT_CODES, options.topics);
  return defineContract({
    ...place,
    name: 'packcloud',
    path: `${path}/organizations/:organizationId/webhooks`,
    scope: pathParameter('organizationId', organizations),
    topics,
    identity: uuids,
    operations: {
      list: get(),
      create: post(),
      read: get(':webhookId'),
      update: put(':webhookId'),
      remove: del(':webhookId'),
    },
    fields: {
      id: identifier(),
      event_code: topic(topics),
      endpoint: url(),
      secret: secret(),
      enabled: enabled(),
      created_at: createdAt(microseconds),
      updated_at: updatedAt(microseconds),
    },
    wrapper: options.wrapped ? wrapped('data', { requests: false }) : bare,
    list: numberedPages({ size: 25, sizeParameter: null, envelope: options.flat ? flat : laravel }),
    errors: laravelErrors,
    delivery: {
      body: (event) => ({ event: event.topic, data: event.payload }),
      signature: signature ?? hmac({ header: 'Signature' }),
      timeoutMs,
      retries: retries ?? waits('10s', '100s'),
    },
  });
}
