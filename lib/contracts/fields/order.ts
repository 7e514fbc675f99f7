import { DELIVERY_ORDERS } from '../../subscriptions/order';
import type { Field } from '../field';
import { IsOneOf } from '../rules';
import { preference, type PreferenceOptions } from './stored';

const DESCRIPTION =
  'In which order deliveries are made. "fifo": of events with the same ordering key, the next waits until the one before ' +
  'it was delivered or has failed for good; other keys go on. Null: each goes as soon as it can.';

/** In which order the owner of a subscription wants its deliveries: `fifo` or null. */
export function order(options: PreferenceOptions = {}): Field {
  const kind = { schema: { type: String, enum: [...DELIVERY_ORDERS] }, rules: [IsOneOf(DELIVERY_ORDERS)] };
  return preference('order', kind, { required: false, description: DESCRIPTION, ...options });
}
