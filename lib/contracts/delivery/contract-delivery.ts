import {
  DeliveryProfile,
  type Composition,
  type EventBatch,
  type FailureTolerance,
} from '../../deliveries/delivery-profile';
import type { Handshake } from '../../deliveries/handshake';
import type { WebhookEvent } from '../../events/event';
import type { RetrySchedule } from '../../retry/retry-schedule';
import type { SignatureScheme } from '../../signing/signature-scheme';
import type { Subscription } from '../../subscriptions/subscription';
import type { Contract } from '../contract';
import { ContractEvent } from './contract-event';
import { statuses, type DeliveryDescription } from './delivery-description';
import { outgoingText } from './json-text';

/** What counts where a contract does not say. */
export interface DeliveryDefaults {
  /** Of failing endpoints, where a contract says that they are suspended. */
  readonly tolerance: FailureTolerance;
  readonly schedule: RetrySchedule;
  readonly timeoutMs: number;
  /** Where subscribers reach the host, without a slash at its end; empty where it does not say. */
  readonly publicUrl: string;
  /** The payload of an event in the version that a subscription stays with. */
  readonly payloadFor: (event: WebhookEvent, subscription: Subscription) => string;
}

/** Delivers as a contract describes. */
export class ContractDelivery extends DeliveryProfile {
  override readonly schedule: RetrySchedule;
  override readonly timeoutMs: number;
  override readonly tolerance: FailureTolerance;
  override readonly obeysReceivers: boolean;
  override readonly handshake: Handshake | null;
  override readonly batches: boolean;
  private readonly description: DeliveryDescription;

  constructor(
    private readonly contract: Contract,
    private readonly defaults: DeliveryDefaults,
  ) {
    super();
    this.description = contract.description.delivery;
    this.schedule = this.description.retries ?? defaults.schedule;
    this.timeoutMs = this.description.timeoutMs ?? defaults.timeoutMs;
    this.tolerance = toleranceOf(this.description, defaults);
    this.obeysReceivers = this.description.obeysReceivers ?? false;
    this.handshake = this.description.handshake ?? null;
    this.batches = this.description.batch !== undefined;
  }

  override signatureFor({ settings }: Pick<Subscription, 'settings'>): SignatureScheme {
    return this.contract.signatureFor(settings);
  }

  override compose(published: WebhookEvent, subscription: Subscription): Composition {
    const event = this.eventFor(published, subscription);
    const { method = 'POST', url, headers, contentType = 'application/json' } = this.description;
    const type = typeof contentType === 'string' ? contentType : contentType(subscription);
    const content = this.description.body(event, subscription);
    const body = content === undefined ? undefined : outgoingText(content);
    return {
      method: typeof method === 'string' ? method : method(event),
      url: url?.(event, subscription) ?? subscription.url,
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers?.(event, subscription) },
      body,
    };
  }

  override composeBatch({ id, createdAt, events }: EventBatch, subscription: Subscription): Composition {
    const { batch: form } = this.description;
    if (!form) throw new Error(`The contract "${this.contract.name}" has no form for batches.`);
    const batch = { id, createdAt, events: events.map((each) => this.eventFor(each, subscription)) };
    const { contentType = 'application/json', headers } = form;
    return {
      method: 'POST',
      url: subscription.url,
      headers: {
        'content-type': typeof contentType === 'string' ? contentType : contentType(subscription),
        ...headers?.(batch, subscription),
      },
      body: outgoingText(form.body(batch, subscription)),
    };
  }

  override succeeds(status: number): boolean {
    return (this.description.succeeds ?? statuses(200, 299))(status);
  }

  override suspends(status: number): string | null {
    return this.description.suspends?.(status) ?? null;
  }

  /** An event as its subscription gets it. */
  private eventFor(published: WebhookEvent, subscription: Subscription): ContractEvent {
    const { publicUrl, payloadFor } = this.defaults;
    const versioned = { ...published, payload: payloadFor(published, subscription) };
    return new ContractEvent(versioned, subscription, { contract: this.contract, publicUrl });
  }
}

function toleranceOf(description: DeliveryDescription, { tolerance }: DeliveryDefaults): FailureTolerance {
  const { failuresTolerated = null, suspendsWhenFailing = false } = description;
  const { failures, forMs } = suspendsWhenFailing ? tolerance : { failures: null, forMs: null };
  return { failures: failuresTolerated ?? failures, forMs };
}
