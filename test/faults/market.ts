import type { TrafficEvent } from '../processes/traffic';
import type { Manner } from './manners';

/** Somebody who is sent events, at a path of its own. */
export interface Subscriber {
  readonly path: string;
  readonly tenant: string | null;
  readonly topics: readonly string[];
  readonly manner: Manner;
}

/** Tenants with different wishes, at endpoints with different weaknesses. */
export const MARKET: readonly Subscriber[] = [
  { path: '/acme/orders', tenant: 'acme', topics: ['order.*'], manner: 'prompt' },
  { path: '/acme/everything', tenant: 'acme', topics: ['*'], manner: 'slow' },
  { path: '/acme/invoices', tenant: 'acme', topics: ['invoice.paid'], manner: 'flaky' },
  { path: '/globex/shipments', tenant: 'globex', topics: ['order.shipped'], manner: 'resetting' },
  { path: '/globex/rest', tenant: 'globex', topics: ['order.created', 'invoice.*'], manner: 'hanging' },
  { path: '/platform', tenant: null, topics: ['*'], manner: 'prompt' },
  { path: '/platform/invoices', tenant: null, topics: ['invoice.paid'], manner: 'slow' },
];

/** The same wishes, at endpoints that take everything at once. */
export const HEALTHY_MARKET: readonly Subscriber[] = MARKET.map((subscriber) => ({ ...subscriber, manner: 'prompt' }));

/** Who is owed an event, said independently of the library: of the same tenant or of nobody, and the topic wanted. */
export function owed(market: readonly Subscriber[], { topic, tenant }: Omit<TrafficEvent, 'id'>): Subscriber[] {
  return market.filter(
    (subscriber) =>
      (subscriber.tenant === null || subscriber.tenant === tenant) &&
      subscriber.topics.some((wanted) => wanted === '*' || wanted === topic || wanted === `${topic.split('.')[0]}.*`),
  );
}
