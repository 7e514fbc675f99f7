import type { Preferences } from './preferences';
import type { FieldObjection } from './subscription-errors';

/**
 * How a delivery looks: `full` is type, timestamp and payload; `thin` has the event's id and where to read it in place of
 * the payload; `cloudevents` and `cloudevents-binary` are CloudEvents 1.0, all in the body, or with attributes as headers.
 */
export const DELIVERY_FORMATS = ['full', 'thin', 'cloudevents', 'cloudevents-binary'] as const;
export type DeliveryFormat = (typeof DELIVERY_FORMATS)[number];

/** What is wrong with a format. */
export function objectionsToFormat({ format }: Preferences): FieldObjection[] {
  if (format === undefined || DELIVERY_FORMATS.includes(format)) return [];
  return [{ field: 'format', message: `expected one of ${DELIVERY_FORMATS.join(', ')}`, rule: 'choice' }];
}
