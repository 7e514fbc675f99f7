/** One page of a list, newest first, and where the next one starts. */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** Pass it as `cursor` for the next page; null on the last one, and on no other, however short it is. */
  readonly nextCursor: string | null;
}

/** Which part of a list is wanted. */
export interface PageRequest {
  /** How many items, 1 to 250. @default 50 */
  readonly limit?: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string;
}

export const DEFAULT_PAGE_SIZE = 50;
export const LARGEST_PAGE_SIZE = 250;

/** The page that `rows` make when one more than `limit` was asked for. */
export function pageOf<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
