/** What a contract demands of its subscriptions. */
export interface SubscriptionTerms {
  generateSecret(): string;
  /** @throws InvalidSecretError when the text cannot be a secret of this contract */
  assertSecret(secret: string): void;
  /** Patterns that the contract documents, and that may be asked for even where the host has no topic for them. */
  readonly topics: ReadonlySet<string>;
}

/** The terms of every contract that the host serves, by the contract's name. */
export type TermsByContract = ReadonlyMap<string, SubscriptionTerms>;

/** The DI token of {@link TermsByContract}. */
export const SUBSCRIPTION_TERMS = Symbol('SubscriptionTerms');
