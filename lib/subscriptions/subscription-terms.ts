import type { SignatureScheme } from '../signing/signature-scheme';
import type { Subscription } from './subscription';

/** What a contract demands of its subscriptions. */
export interface SubscriptionTerms {
  /** How requests for a subscription with these settings are signed, and so what its secrets are like. */
  signatureFor(settings: Subscription['settings']): SignatureScheme;
  /** Whether events are held for subscriptions that are off. */
  readonly holds: boolean;
  /** Whether there is a form for several events in one request. */
  readonly batches: boolean;
  /** Patterns that the contract documents, and that may be asked for even where the host has no topic for them. */
  readonly topics: ReadonlySet<string>;
}

/** The terms of every contract that the host serves, by the contract's name. */
export type TermsByContract = ReadonlyMap<string, SubscriptionTerms>;

/** The DI token of {@link TermsByContract}. */
export const SUBSCRIPTION_TERMS = Symbol('SubscriptionTerms');
