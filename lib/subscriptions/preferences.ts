import type { FieldObjection } from './subscription-errors';

/** How the owner of a subscription wants its deliveries. What is left out is as its contract has it. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- each preference is added with what follows it
export interface Preferences {}

type Check = (preferences: Preferences) => FieldObjection[];

/** What each preference has to be like. */
const CHECKS: readonly Check[] = [];

/** What is wrong with preferences, as whoever asked for them is told. */
export function objectionsToPreferences(preferences: Preferences): FieldObjection[] {
  return CHECKS.flatMap((check) => check(preferences));
}
