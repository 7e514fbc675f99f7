import { objectionsToBatching, type Batching } from './batching';
import { objectionsToRate, type Rate } from './rate';
import type { FieldObjection } from './subscription-errors';

/** How the owner of a subscription wants its deliveries. What is left out is as its contract has it. */
export interface Preferences {
  /** How often it is sent requests at the most. @default as often as there is something to send */
  readonly rate?: Rate;
  /** Several events in one request. @default a request each */
  readonly batch?: Batching;
}

type Check = (preferences: Preferences) => FieldObjection[];

/** What each preference has to be like. */
const CHECKS: readonly Check[] = [objectionsToRate, objectionsToBatching];

/** What is wrong with preferences, as whoever asked for them is told. */
export function objectionsToPreferences(preferences: Preferences): FieldObjection[] {
  return CHECKS.flatMap((check) => check(preferences));
}
