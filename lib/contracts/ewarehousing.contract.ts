import { identifierToUuid } from '../shared/identifier';
import { hmac } from '../signing/hmac.scheme';
import { defineContract, type Contract, type ContractPlace } from './contract';
import { waits } from './delivery/delivery-description';
import { ewarehousingErrors } from './errors/ewarehousing.errors';
import { computed, identifier, tenant } from './fields/identity';
import { secret } from './fields/secret';
import { createdAt, updatedAt } from './fields/state';
import { namesOf, topicWord } from './fields/topics';
import { url } from './fields/url';
import { uuids } from './identities';
import { counted } from './lists/envelopes';
import { numberedPages } from './lists/pages';
import { createdBetween, sorting } from './lists/query-parts';
import { del, get, patch, post, put } from './operations';
import { jsonOrCalledForm } from './requests/request-formats';
import { caller, type TenantNames } from './scopes';
import { seconds } from './times';
import { namedTopics, type TopicMap } from './topic-names';

const ACTIONS = {
  article: ['created', 'updated', 'deleted'],
  batch: ['updated'],
  inbound: ['created', 'updated', 'completed'],
  modification: ['created', 'updated', 'approved', 'disapproved'],
  order: ['created', 'updated', 'planned', 'processing', 'shipped'],
  shipment: ['created', 'updated'],
  stock: ['updated'],
  variant: ['created', 'updated', 'deleted'],
} as const;

type Group = keyof typeof ACTIONS;
type EwarehousingTopic = { [Each in Group]: `${Each}.${(typeof ACTIONS)[Each][number]}` }[Group];

/** What the documentation of eWarehousing Solutions leaves open; every default is an assumption of ours. */
export interface EwarehousingOptions extends ContractPlace {
  /** Where it is mounted. @default 'webhooks' */
  readonly path?: string;
  /** Which topics of the host the pairs stand for. @default topics of the same names, such as `order.shipped` */
  readonly topics?: TopicMap<EwarehousingTopic>;
  /** What customers are called: UUIDs, there. @default what the host calls its tenants */
  readonly customers?: TenantNames;
  /** What kind of object the events of a group are about, where it is not the group itself. @default { stock: 'variant' } */
  readonly entities?: Readonly<Partial<Record<Group, string>>>;
  /** Whether `topic`, `created_at` and `modified_at` are shown, which the documented model has and no example. @default false */
  readonly wholeModel?: boolean;
}

/** The webhooks of eWarehousing Solutions (https://developer.ewarehousing-solutions.com). */
export function ewarehousing({ path = 'webhooks', ...options }: EwarehousingOptions = {}): Contract {
  const { customers, entities = {}, wholeModel = false, ...place } = options;
  const pairs = Object.entries(ACTIONS).flatMap(([group, actions]) => actions.map((action) => `${group}.${action}`));
  const topics = namedTopics(pairs as EwarehousingTopic[], options.topics);
  const entityOf: Readonly<Record<string, string | undefined>> = { stock: 'variant', ...entities };
  return defineContract({
    ...place,
    name: 'ewarehousing',
    path,
    trailingSlash: true,
    scope: caller(customers),
    topics,
    identity: uuids,
    operations: {
      list: get(),
      create: post(),
      read: get(':id'),
      update: [patch(':id'), put(':id')],
      remove: del(':id'),
    },
    fields: {
      id: identifier(),
      url: url({ schemes: ['https'] }),
      group: topicWord(topics, 0),
      action: topicWord(topics, 1),
      ...(wholeModel && { topic: computed((webhook, showing) => namesOf(webhook, showing)[0], { type: String }) }),
      customer: tenant({ type: String, format: 'uuid' }),
      hash_secret: secret({ shown: ['create'] }),
      ...(wholeModel && { created_at: createdAt(seconds), modified_at: updatedAt(seconds) }),
    },
    // The documented example of an update names no content type, and curl then says that it is a form.
    requests: jsonOrCalledForm,
    list: numberedPages({
      largest: 100,
      counts: true,
      envelope: counted,
      parts: [
        sorting({ by: { id: 'id', url: 'url', group: 'topics', created_at: 'createdAt', modified_at: 'updatedAt' } }),
        createdBetween('from', 'to'),
      ],
    }),
    errors: ewarehousingErrors,
    delivery: {
      headers: (event) => ({ 'X-Webhook-Id': identifierToUuid(event.id), 'X-Webhook-Topic': event.topic }),
      body: (event) => {
        const [group = '', action] = event.topic.split('.');
        const { payload, tenant: customer, data } = event;
        return { body: payload, group, action, entity: entityOf[group] ?? group, customer, entityId: data.id };
      },
      signature: hmac({ header: 'X-Hmac-SHA256', encoding: 'base64' }),
      timeoutMs: 10_000,
      retries: waits(...Array.from({ length: 10 }, () => '1h' as const)),
    },
  });
}
