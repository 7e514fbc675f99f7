import type { DeliveryQuery } from '../deliveries/deliveries.repository';
import type { Database } from './database';
import type { Search } from './sifted-page';

/** Which index finds deliveries, and what is left to be sifted. */
export function deliverySearch(database: Database, query: DeliveryQuery): Search {
  const { tenant, subscription, event, state, topic, lastResult, ...page } = query;
  const rest = { state, topic, last_result: lastResult };
  const common = { ...page, table: 'delivery', prefix: 'dlv' };
  // An event has no more deliveries than there are subscriptions.
  if (event !== undefined) {
    return { ...common, indexed: { event_id: event, subscription_id: subscription, tenant, ...rest }, sifted: {} };
  }
  const indexed = subscription === undefined ? { tenant } : { subscription_id: subscription };
  if (state !== 'failed' || !database.hasPartialIndexes) return { ...common, indexed, sifted: rest };
  return { ...common, indexed, indexCondition: `state = 'failed'`, sifted: { ...rest, state: undefined } };
}
