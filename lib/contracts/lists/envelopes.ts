import { listSchema, objectSchema } from '../generated/openapi';
import type { Envelope, Listing } from './list-format';

const LINK = { type: 'string', format: 'uri', nullable: true };

/** `{"count","next","previous","results"}`, as Django REST framework has it. */
export const counted: Envelope = {
  counts: true,
  body: ({ items, total, next, previous }) => ({ count: total, next, previous, results: items }),
  schema: (items) =>
    objectSchema({ count: { type: 'integer', minimum: 0 }, next: LINK, previous: LINK, results: listSchema(items) }),
};

/** `{"data","links":{"prev","next"},"meta":{"per_page"}}`, as Laravel has it. */
export const laravel: Envelope = {
  body: ({ items, size, next, previous }) => ({
    data: items,
    links: { prev: previous, next },
    meta: { per_page: size },
  }),
  schema: (items) =>
    objectSchema({
      data: listSchema(items),
      links: objectSchema({ prev: LINK, next: LINK }),
      meta: objectSchema({ per_page: { type: 'integer' } }),
    }),
};

/** `{"data","prev","next","per_page"}` */
export const flat: Envelope = {
  body: ({ items, size, next, previous }) => ({ data: items, prev: previous, next, per_page: size }),
  schema: (items) => objectSchema({ data: listSchema(items), prev: LINK, next: LINK, per_page: { type: 'integer' } }),
};

/** One member that holds the items, such as `{"webhooks": […]}`. */
export function member(name: string): Envelope {
  return { body: ({ items }) => ({ [name]: items }), schema: (items) => objectSchema({ [name]: listSchema(items) }) };
}

/** The pages that a `Link` header may lead to, in the order in which they are written. */
const RELATIONS = ['prev', 'next', 'last', 'first'] as const;
export type LinkRelation = (typeof RELATIONS)[number];

export interface HeaderNames {
  /** Which pages a `Link` header leads to; an empty list leaves the header out. @default ['prev', 'next', 'last', 'first'] */
  readonly links?: readonly LinkRelation[];
  /** The header that has the total, such as `X-Total-Count`. @default none */
  readonly total?: string;
  /** Other headers, such as `{ 'X-Total-Pages': ({ total, size }) => Math.ceil(total / size) }`. @default none */
  readonly others?: Readonly<Record<string, (listing: Listing) => string | number>>;
}

/** The items and nothing else; links and the total are in headers. */
export function bareArray({ links = RELATIONS, total, others = {} }: HeaderNames = {}): Envelope {
  const described = {
    ...(links.length > 0 && { Link: 'The pages beside this one (RFC 8288).' }),
    ...(total && { [total]: 'How many there are in all.' }),
    ...Object.fromEntries(Object.keys(others).map((name) => [name, 'About this page.'])),
  };
  return {
    counts: total !== undefined,
    body: ({ items }) => items,
    headers: (listing) => ({
      ...linkHeader(listing, links),
      ...(total !== undefined && { [total]: String(listing.total) }),
      ...Object.fromEntries(Object.entries(others).map(([name, of]) => [name, String(of(listing))])),
    }),
    schema: listSchema,
    headerSchemas: Object.fromEntries(
      Object.entries(described).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
    ),
  };
}

function linkHeader(
  { previous, next, first, last }: Listing,
  relations: readonly LinkRelation[],
): Record<string, string> {
  const urls = { prev: previous, next, last: next && last, first: previous && first };
  const links = RELATIONS.filter((relation) => relations.includes(relation) && urls[relation] !== null);
  return links.length === 0 ? {} : { Link: links.map((each) => `<${urls[each]!}>; rel="${each}"`).join(', ') };
}
