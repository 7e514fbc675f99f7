import type { Scope } from './new-subscription';
import type { Subscription } from './subscription';

/** Whether an operation of this scope may touch a subscription. */
export function isWithin(subscription: Subscription, { tenant, contract }: Scope): boolean {
  return [undefined, subscription.tenant].includes(tenant) && [undefined, subscription.contract].includes(contract);
}
