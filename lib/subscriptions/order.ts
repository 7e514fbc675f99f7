import type { FieldObjection } from './subscription-errors';

/** In which order a subscription may ask for its deliveries. */
export const DELIVERY_ORDERS = ['fifo'] as const;
export type DeliveryOrder = (typeof DELIVERY_ORDERS)[number];

/** What is wrong with the order that was asked for. */
export function objectionsToOrder({ order }: { readonly order?: unknown }): FieldObjection[] {
  if (order === undefined || DELIVERY_ORDERS.some((known) => known === order)) return [];
  return [
    {
      field: 'order',
      message: `it must be ${DELIVERY_ORDERS.join(' or ')}, or left out`,
      rule: 'choice',
      value: order,
    },
  ];
}
