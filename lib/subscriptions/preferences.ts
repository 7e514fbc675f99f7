import type { FilterPattern } from '../filters/payload-filter';
import type { TopicVersions } from '../topics/topic-versions';
import { objectionsToFilter } from './filter-rule';
import { objectionsToFormat, type DeliveryFormat } from './format';
import { objectionsToBatching, type Batching } from './batching';
import { objectionsToRate, type Rate } from './rate';
import { objectionsToOrder, type DeliveryOrder } from './order';
import type { FieldObjection } from './subscription-errors';

/** How the owner of a subscription wants its deliveries. What is left out is as its contract has it. */
export interface Preferences {
  /** Which payloads it wants; others are not delivered to it. @default all */
  readonly filter?: FilterPattern;
  /** How its deliveries look, where its contract leaves the choice. @default 'full' */
  readonly format?: DeliveryFormat;
  /**
   * Which version of a topic it stays with, by topic. Filled in when a topic is asked for, so that subscribers go on getting
   * what they know; of a topic that is not named, the first version there was.
   */
  readonly versions?: TopicVersions;
  /** How often it is sent requests at the most. @default as often as there is something to send */
  readonly rate?: Rate;
  /** Several events in one request. @default a request each */
  readonly batch?: Batching;
  /**
   * `fifo`: of events with the same ordering key, the next waits until the one before it was delivered or has failed for
   * good; other keys go on. @default none: each goes as soon as it can
   */
  readonly order?: DeliveryOrder;
}

type Check = (preferences: Preferences) => FieldObjection[];

/** What each preference has to be like. */
const CHECKS: readonly Check[] = [
  objectionsToFilter,
  objectionsToFormat,
  objectionsToOrder,
  objectionsToRate,
  objectionsToBatching,
];

/** What is wrong with preferences, as whoever asked for them is told. */
export function objectionsToPreferences(preferences: Preferences): FieldObjection[] {
  return CHECKS.flatMap((check) => check(preferences));
}
