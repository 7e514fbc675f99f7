import { objectionsToOrder, type DeliveryOrder } from './order';
import type { FieldObjection } from './subscription-errors';

/** How the owner of a subscription wants its deliveries. What is left out is as its contract has it. */
export interface Preferences {
  /**
   * `fifo`: of events with the same ordering key, the next waits until the one before it was delivered or has failed for
   * good; other keys go on. @default none: each goes as soon as it can
   */
  readonly order?: DeliveryOrder;
}

type Check = (preferences: Preferences) => FieldObjection[];

/** What each preference has to be like. */
const CHECKS: readonly Check[] = [objectionsToOrder];

/** What is wrong with preferences, as whoever asked for them is told. */
export function objectionsToPreferences(preferences: Preferences): FieldObjection[] {
  return CHECKS.flatMap((check) => check(preferences));
}
