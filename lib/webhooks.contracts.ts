import { inspect } from 'node:util';
import { ContractDelivery } from './contracts/delivery/contract-delivery';
import type { DeliveryProfiles } from './deliveries/delivery-profile';
import type { WebhookEvent } from './events/event';
import type { GuardedContract } from './http/management-controllers';
import { RetrySchedule } from './retry/retry-schedule';
import { WebhooksConfigurationError } from './shared/webhooks.error';
import type { Subscription } from './subscriptions/subscription';
import type { TermsByContract } from './subscriptions/subscription-terms';
import { TopicCatalogue } from './topics/catalogue';
import { AddressPolicy } from './transport/address-policy';
import { Transport } from './transport/transport';
import type { WebhooksSettings } from './webhooks.settings';

/** How the deliveries of each contract look and behave. */
export function profilesOf(
  contracts: readonly GuardedContract[],
  { retry, attemptTimeoutMs: timeoutMs, suspension: tolerance, publicUrl }: WebhooksSettings,
  catalogue: TopicCatalogue,
): DeliveryProfiles {
  const given = retry.schedule;
  const schedule = given instanceof RetrySchedule ? given : new RetrySchedule(given, { jitter: retry.jitter });
  const payloadFor = (event: WebhookEvent, { preferences }: Subscription) =>
    catalogue.payloadIn(event, preferences.versions);
  const defaults = { schedule, timeoutMs, tolerance, publicUrl, payloadFor };
  return new Map(contracts.map(({ contract }) => [contract.name, new ContractDelivery(contract, defaults)]));
}

/** What each contract demands of its subscriptions. */
export function termsOf(contracts: readonly GuardedContract[]): TermsByContract {
  return new Map(contracts.map(({ contract }) => [contract.name, contract.terms]));
}

/** @throws WebhooksConfigurationError when the option makes something else */
export function transportFrom(policy: AddressPolicy, { transport, responseLimitBytes }: WebhooksSettings): Transport {
  const made: Partial<Transport> | undefined = transport(policy, { responseLimitBytes });
  if (typeof made?.send === 'function' && typeof made.close === 'function') return made as Transport;
  throw new WebhooksConfigurationError(
    `Expected transport to make a Transport, got ${inspect(made, { depth: 0 })}. ` +
      'Call the function that makes the factory: transport: undiciTransport(), not transport: undiciTransport.',
  );
}
