import { PayloadFilter } from '../filters/payload-filter';
import { UnusableFilterError } from '../filters/unusable-filter.error';
import type { Preferences } from './preferences';
import type { FieldObjection } from './subscription-errors';

/** What a subscription wants of payloads; undefined where it wants all. */
export function filterOf({ filter }: Preferences): PayloadFilter | undefined {
  try {
    return filter && PayloadFilter.from(filter);
  } catch (error) {
    // Checked when it was stored, by another version then: better too much is delivered than too little.
    if (error instanceof UnusableFilterError) return undefined;
    throw error;
  }
}

/** What is wrong with a filter. */
export function objectionsToFilter({ filter }: Preferences): FieldObjection[] {
  try {
    if (filter !== undefined) PayloadFilter.from(filter);
    return [];
  } catch (error) {
    if (error instanceof UnusableFilterError) return [{ field: 'filter', message: error.message, rule: 'filter' }];
    throw error;
  }
}
