import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE } from '../../shared/page';
import type { SubscriptionSelection } from '../../subscriptions/subscriptions.repository';
import type { Contract } from '../contract';
import type { Identity } from '../identities';
import { rule } from '../rules';
import type { Choice, Envelope, Found, Listing, ListFormat, ListPart, Query, QueryFields } from './list-format';
import { wholeNumber } from './query-parts';

export interface PagesOptions {
  readonly envelope: Envelope;
  /** How many a page has when nobody says. @default 50 */
  readonly size?: number;
  /** How many may be asked for. @default 250, or `size` where nobody may ask */
  readonly largest?: number;
  /** The parameter that says how many; null where nobody may ask. @default 'limit' */
  readonly sizeParameter?: string | null;
  /** Whether the newest come first. @default false */
  readonly newestFirst?: boolean;
  /** What else may be asked. @default [] */
  readonly parts?: readonly ListPart[];
}

/** Pages that begin at an offset: `limit` and `offset`. */
export function offsetPages(options: PagesOptions & { readonly offsetParameter?: string }): ListFormat {
  const { offsetParameter: name = 'offset' } = options;
  const sizeOf = sizes(options);
  const offsetOf = (query: Query) => Number(query[name] ?? 0);
  const field = wholeNumber({ least: 0, most: MOST, fallback: 0, description: 'How many to pass over.' });
  return {
    ...common(options, { [name]: field }),
    counts: true,
    choose: (query, contract) => chosen(options, query, contract, { limit: sizeOf(query), offset: offsetOf(query) }),
    listing: (found) => {
      const [size, offset] = [sizeOf(found.query), offsetOf(found.query)];
      const at = (start: number) => found.link({ ...sizeIn(options, size), [name]: start > 0 ? start : undefined });
      const links = { next: found.more ? at(offset + size) : null, previous: offset > 0 ? at(offset - size) : null };
      const last = Math.max(Math.ceil(found.total / size) - 1, 0) * size;
      return { ...basics(found, size), offset, ...links, first: at(0), last: at(last) };
    },
  };
}

export interface NumberedOptions extends PagesOptions {
  /** @default 'page' */
  readonly pageParameter?: string;
  /** Whether the total has to be known. @default what the envelope says */
  readonly counts?: boolean;
}

/** Pages that are counted from 1: `page`. */
export function numberedPages(options: NumberedOptions): ListFormat {
  const { pageParameter: name = 'page', counts = options.envelope.counts ?? false } = options;
  const sizeOf = sizes(options);
  const pageOf = (query: Query) => Number(query[name] ?? 1);
  const field = wholeNumber({ least: 1, most: MOST, fallback: 1, description: 'Which page, from 1.' });
  return {
    ...common(options, { [name]: field }),
    counts,
    choose: (query, contract) => {
      const limit = sizeOf(query);
      return chosen(options, query, contract, { limit, offset: (pageOf(query) - 1) * limit });
    },
    listing: (found) => {
      const [size, page] = [sizeOf(found.query), pageOf(found.query)];
      const at = (number: number) => found.link({ [name]: number });
      const links = { next: found.more ? at(page + 1) : null, previous: page > 1 ? at(page - 1) : null };
      const last = counts ? at(Math.max(Math.ceil(found.total / size), 1)) : null;
      return { ...basics(found, size), offset: (page - 1) * size, ...links, first: at(1), last };
    },
  };
}

export interface CursorOptions extends PagesOptions {
  /** The parameter that has what the page before ended with, such as `starting_after`. */
  readonly cursorParameter: string;
  /** What the contract calls subscriptions. */
  readonly identity: Identity;
  /** What is said of a cursor that is none. */
  readonly message?: string;
  /** Whether the total has to be known. @default what the envelope says */
  readonly counts?: boolean;
}

/** Pages that go on after what was seen last. */
export function cursorPages(options: CursorOptions): ListFormat {
  const { cursorParameter: name, identity, message = '$property must be the id of a subscription' } = options;
  const sizeOf = sizes(options);
  const isId = rule('cursor', (value) => typeof value === 'string' && identity.find(value) !== undefined, message);
  const field = { schema: { type: String, description: 'What the page before ended with.' }, rules: [isId] };
  return {
    ...common(options, { [name]: field }),
    counts: options.counts ?? options.envelope.counts ?? false,
    choose: (query, contract) => {
      const after = query[name] === undefined ? undefined : identity.find(String(query[name]));
      return chosen(options, query, contract, { limit: sizeOf(query), after });
    },
    listing: (found) => {
      const cursor = found.more ? found.lastId : null;
      const next = cursor === null ? null : found.link({ [name]: cursor });
      const first = found.link({ [name]: undefined });
      return { ...basics(found, sizeOf(found.query)), next, previous: null, first, last: null, cursor };
    },
  };
}

/** More than anybody has, and few enough for every database to count up to. */
const MOST = 1_000_000_000;

function sizes({ size = DEFAULT_PAGE_SIZE, sizeParameter = 'limit' }: PagesOptions): (query: Query) => number {
  return (query) => Number((sizeParameter === null ? undefined : query[sizeParameter]) ?? size);
}

function sizeIn({ sizeParameter = 'limit' }: PagesOptions, size: number): Record<string, number> {
  return sizeParameter === null ? {} : { [sizeParameter]: size };
}

function common(options: PagesOptions, paging: QueryFields): Pick<ListFormat, 'query' | 'envelope'> {
  const { size = DEFAULT_PAGE_SIZE, largest = LARGEST_PAGE_SIZE, sizeParameter = 'limit', parts = [] } = options;
  const description = 'How many items a page has at most.';
  const sized = sizeParameter !== null && {
    [sizeParameter]: wholeNumber({ least: 1, most: largest, fallback: size, description }),
  };
  const query = Object.assign({}, sized, paging, ...parts.map((part) => part.query)) as QueryFields;
  return { query, envelope: options.envelope };
}

function chosen(
  { newestFirst = false, parts = [] }: PagesOptions,
  query: Query,
  contract: Contract,
  place: Pick<SubscriptionSelection, 'limit' | 'offset' | 'after'>,
): Choice {
  const asked = parts.map((part) => part.choose(query));
  const sort = contract.description.identity.sort;
  return {
    filter: Object.assign({}, ...asked.map(({ filter }) => filter)) as Choice['filter'],
    selection: Object.assign(
      { sort, descending: newestFirst },
      ...asked.map(({ selection }) => selection),
      place,
    ) as Choice['selection'],
  };
}

function basics(
  { items, total, path }: Found,
  size: number,
): Pick<Listing, 'items' | 'total' | 'size' | 'offset' | 'cursor' | 'path'> {
  return { items, total, size, offset: 0, cursor: null, path };
}
