import type { SubscriptionFilter, SubscriptionSelection } from '../../subscriptions/subscriptions.repository';
import type { Contract } from '../contract';
import type { ApiSchemaDescription } from '../generated/openapi';

/** What may be asked of a list. */
export interface QueryField {
  readonly schema: ApiSchemaDescription;
  readonly rules: readonly PropertyDecorator[];
}
export type QueryFields = Readonly<Record<string, QueryField>>;
/** What was asked of a list, checked and with numbers as numbers. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Which subscriptions a list wants. */
export interface Choice {
  readonly filter: SubscriptionFilter;
  readonly selection: SubscriptionSelection;
}

/** One page, ready to be put into an envelope. */
export interface Listing {
  readonly items: readonly unknown[];
  /** How many there are in all; 0 where the format does not count. */
  readonly total: number;
  /** How many a page has at most. */
  readonly size: number;
  /** How many items come before the page, so that `offset / size + 1` is its number; 0 where the format has cursors. */
  readonly offset: number;
  /** Absolute links; null where there is no such page. */
  readonly next: string | null;
  readonly previous: string | null;
  readonly first: string;
  readonly last: string | null;
  /** What the next page goes on after, where it goes by that; null on the last one. */
  readonly cursor: string | null;
  /** The path of the list, without a query. */
  readonly path: string;
}

/** What stands around the items of a list. */
export interface Envelope {
  /** Whether it says how many there are in all, so that the list has to count. @default false */
  readonly counts?: boolean;
  readonly body: (listing: Listing) => unknown;
  readonly headers?: (listing: Listing) => Readonly<Record<string, string>>;
  readonly schema: (items: object) => object;
  /** The headers that its answers have, as OpenAPI describes them. */
  readonly headerSchemas?: Readonly<Record<string, object>>;
}

/** What was found for a list, for whoever makes the links. */
export interface Found {
  readonly items: readonly unknown[];
  readonly total: number;
  readonly more: boolean;
  readonly query: Query;
  /** What the contract calls the last item; null where there is none. */
  readonly lastId: string | null;
  readonly path: string;
  /** The URL of this list with some of its parameters changed; undefined takes one out. */
  link(changes: Readonly<Record<string, string | number | undefined>>): string;
}

/** How a contract lists subscriptions. */
export interface ListFormat {
  readonly query: QueryFields;
  /** Whether the total has to be known. */
  readonly counts: boolean;
  readonly envelope: Envelope;
  choose(query: Query, contract: Contract): Choice;
  listing(found: Found): Listing;
}

/** Something beside the paging that may be asked of a list. */
export interface ListPart {
  readonly query: QueryFields;
  /** What it changes in what is wanted. */
  choose(query: Query): { filter?: Partial<SubscriptionFilter>; selection?: Partial<SubscriptionSelection> };
}
