import { echoedSecret } from '../signing/echoed-secret.scheme';
import { textSecret } from '../signing/secret-format';
import type { SignatureScheme } from '../signing/signature-scheme';
import { defineContract, type Contract, type ContractPlace } from './contract';
import type { ContractEvent } from './delivery/contract-event';
import { djangoErrors } from './errors/django.errors';
import { ownPath } from './fields/identity';
import { secret } from './fields/secret';
import { createdAt, suspendedAt, updatedAt } from './fields/state';
import { topic } from './fields/topics';
import { url } from './fields/url';
import { numbers } from './identities';
import { counted } from './lists/envelopes';
import { offsetPages } from './lists/pages';
import { del, get, patch, post, put } from './operations';
import { pathParameter, type TenantNames } from './scopes';
import { djangoTime } from './times';
import { namedTopics, type TopicMap } from './topic-names';

const ENTITIES = ['orders', 'packaging', 'contact', 'contact-address', 'acceptance-scan', 'webhook'] as const;
const UNDOCUMENTED = 'order-delivered';

/** What the documentation of ReadyCloud leaves open; every default is an assumption of ours. */
export interface ReadycloudOptions extends ContractPlace {
  /** Where it is mounted. @default 'api/v2' */
  readonly path?: string;
  /** @default ['bearer_token'] */
  readonly credentials?: readonly string[];
  /** Which topics of the host the entities stand for. @default `orders` is `order.created`, `.updated` and `.deleted`, and so on */
  readonly topics?: TopicMap<(typeof ENTITIES)[number] | typeof UNDOCUMENTED>;
  /** What organizations are called in paths. @default what the host calls its tenants */
  readonly organizations?: TenantNames;
  /** Whether `order-delivered`, which exists and is not documented, may be asked for too. @default false */
  readonly orderDelivered?: boolean;
  /** Whether `PUT` and `PATCH` change a webhook; the documentation has no update. @default false */
  readonly updates?: boolean;
  /** Whether an event says that its object is gone. @default those whose topic ends in `.deleted` */
  readonly isDeletion?: (event: ContractEvent) => boolean;
  /** @default the token in the headers `HTTP_AUTH` and `Auth`: nginx drops names with an underscore */
  readonly signature?: SignatureScheme;
  /** How many attempts in a row may fail before a webhook is suspended; null is any number. @default 50 */
  readonly failuresTolerated?: number | null;
}

/** The webhooks of ReadyCloud (https://www.readycloud.com/api/v2), version 2. */
export function readycloud({ path = 'api/v2', ...options }: ReadycloudOptions = {}): Contract {
  const { organizations, isDeletion = endsInDeleted, failuresTolerated = 50, signature, ...place } = options;
  const { credentials = ['bearer_token'] } = place;
  const names = [...ENTITIES, ...(options.orderDelivered ? [UNDOCUMENTED] : [])] as (typeof ENTITIES)[number][];
  const topics = namedTopics(names, { ...DEFAULT_TOPICS, ...options.topics });
  return defineContract({
    ...place,
    name: 'readycloud',
    path: `${path}/orgs/:org_pk/webhooks`,
    trailingSlash: true,
    scope: pathParameter('org_pk', organizations),
    topics,
    identity: numbers,
    operations: {
      list: get(),
      create: post(),
      read: get(':webhook_pk'),
      ...(options.updates && { update: [patch(':webhook_pk'), put(':webhook_pk', { replaces: true })] }),
      remove: del(':webhook_pk'),
    },
    fields: {
      url: ownPath(),
      remote_url: url({ schemes: ['https'] }),
      token: secret({ from: 'server', pattern: '^[0-9a-f]{30}$', description: 'Sent along with every delivery.' }),
      created_at: createdAt(djangoTime),
      updated_at: updatedAt(djangoTime),
      entity: topic(topics, { default: 'orders', acrossTenants: ['webhook'] }),
      suspended_at: suspendedAt(djangoTime),
    },
    list: offsetPages({ envelope: counted }),
    credentials,
    errors: djangoErrors,
    delivery: {
      method: (event) => (isDeletion(event) ? 'DELETE' : 'PUT'),
      url: (event, { url: remote }) => under(remote, event.objectId),
      body: (event) => (isDeletion(event) ? undefined : event.payload),
      signature: signature ?? echoedSecret({ header: ['HTTP_AUTH', 'Auth'], secret: textSecret({ characters: 30 }) }),
      failuresTolerated,
    },
  });
}

const DEFAULT_TOPICS: TopicMap<(typeof ENTITIES)[number]> = {
  ...Object.fromEntries(ENTITIES.map((entity) => [entity, changesOf(entity === 'orders' ? 'order' : entity)])),
};

function changesOf(topic: string): string[] {
  return ['created', 'updated', 'deleted'].map((change) => `${topic}.${change}`);
}

function endsInDeleted({ hostTopic }: ContractEvent): boolean {
  return hostTopic.endsWith('.deleted');
}

/** The URL of an object below that of the webhook; a query stays last. */
function under(remote: string, objectId: string): string {
  if (/^\.{1,2}$/.test(objectId)) throw new Error(`An object whose id is "${objectId}" has no URL of its own.`);
  const target = new URL(remote);
  target.pathname = `${target.pathname.replace(/\/$/, '')}/${encodeURIComponent(objectId)}`;
  return target.href;
}
