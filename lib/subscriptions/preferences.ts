import type { FilterPattern } from '../filters/payload-filter';
import { objectionsToFilter } from './filter-rule';
import type { FieldObjection } from './subscription-errors';

/** How the owner of a subscription wants its deliveries. What is left out is as its contract has it. */
export interface Preferences {
  /** Which payloads it wants; others are not delivered to it. @default all */
  readonly filter?: FilterPattern;
}

type Check = (preferences: Preferences) => FieldObjection[];

/** What each preference has to be like. */
const CHECKS: readonly Check[] = [objectionsToFilter];

/** What is wrong with preferences, as whoever asked for them is told. */
export function objectionsToPreferences(preferences: Preferences): FieldObjection[] {
  return CHECKS.flatMap((check) => check(preferences));
}
