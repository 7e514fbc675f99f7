import { identifierToUuid } from '../shared/identifier';
import type { Subscription } from '../subscriptions/subscription';
import type { ApiSchemaDescription } from './generated/openapi';

/** What a contract calls one subscription. */
export interface Identity {
  readonly schema: ApiSchemaDescription;
  /** What lists are sorted by where they go by it. */
  readonly sort: 'id' | 'number';
  show(subscription: Subscription): string | number;
  /** The id or the number that a text of a path or a query names; undefined when it cannot name any. */
  find(text: string): string | number | undefined;
}

const HEX = '[0-9a-f]{32}';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NUMBER = /^[1-9]\d{0,14}$/;

/** A prefix and 32 hex digits, such as `we_019abc4e5f607b3d8a1c2e4f60718293`. */
export function prefixed(prefix: string): Identity {
  const pattern = new RegExp(`^${prefix}${HEX}$`);
  return {
    schema: { type: String, pattern: pattern.source, example: `${prefix}019abc4e5f607b3d8a1c2e4f60718293` },
    sort: 'id',
    show: ({ id }) => prefix + id.slice(-32),
    find: (text) => (pattern.test(text) ? `sub_${text.slice(-32)}` : undefined),
  };
}

/** The ids that subscriptions have anyway. */
export const ownIds: Identity = prefixed('sub_');

export const uuids: Identity = {
  schema: { type: String, format: 'uuid' },
  sort: 'id',
  show: ({ id }) => identifierToUuid(id),
  find: (text) => (UUID.test(text) ? `sub_${text.replaceAll('-', '').toLowerCase()}` : undefined),
};

/** Whole numbers that count up. */
export const numbers: Identity = {
  schema: { type: 'integer', minimum: 1 },
  sort: 'number',
  show: ({ number }) => number,
  find: (text) => (NUMBER.test(text) ? Number(text) : undefined),
};
