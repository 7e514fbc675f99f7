import type { Page } from '../../shared/page';

/** One page of a list, as the standard API shows all lists. */
export interface PageView<View> {
  readonly data: readonly View[];
  readonly nextCursor: string | null;
}

export function pageView<Item, View>(page: Page<Item>, view: (item: Item) => View): PageView<View> {
  return { data: page.data.map(view), nextCursor: page.nextCursor };
}
