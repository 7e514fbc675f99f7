import type { Secrets } from './secrets';
import { InvalidSubscriptionError } from './subscription-errors';

export const DEFAULT_OVERLAP_SECONDS = 86_400;
export const LONGEST_OVERLAP_SECONDS = 604_800;

/** Each signature costs arithmetic at both ends, and receivers stop reading after some. */
const MOST_SIGNING = 10;

/** @throws InvalidSubscriptionError */
export function assertOverlap(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_OVERLAP_SECONDS) return;
  const message = `expected a whole number from 0 to ${LONGEST_OVERLAP_SECONDS}`;
  throw new InvalidSubscriptionError([{ field: 'overlapSeconds', message }]);
}

/** @throws InvalidSubscriptionError when more secrets would sign at once than is good */
export function assertRoom(secrets: Secrets, now: number): void {
  if (secrets.at(now).length <= MOST_SIGNING) return;
  const message = `${MOST_SIGNING} secrets sign already; wait until one ends, or replace all with overlapSeconds: 0`;
  throw new InvalidSubscriptionError([{ field: 'overlapSeconds', message }]);
}
