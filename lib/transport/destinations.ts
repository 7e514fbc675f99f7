import type { AddressPolicy } from './address-policy';
import type { Failure } from './failure';

/** Where a URL leads, in the parts that a request is made of. */
export interface Destination {
  readonly origin: string;
  /** The path and the query. */
  readonly path: string;
}

/**
 * Tells where URLs lead unless the policy refuses them. It remembers those that it did not refuse, because
 * subscriptions send to the same URL over and over; whatever a name resolves to is judged with each connection.
 */
export class Destinations {
  private readonly known = new Map<string, Destination>();

  constructor(
    private readonly policy: AddressPolicy,
    private readonly limit = 1_000,
  ) {}

  find(url: string): Destination | Failure {
    return this.known.get(url) ?? this.judge(url) ?? this.remember(url);
  }

  private judge(url: string): Failure | undefined {
    const refusal = this.policy.judgeUrl(url);
    if (!refusal) return undefined;
    const isRefused = refusal.reason === 'address' || refusal.reason === 'port';
    return { failure: isRefused ? 'address_refused' : 'invalid_request', detail: refusal.detail };
  }

  private remember(text: string): Destination {
    const { origin, pathname, search } = new URL(text);
    const destination = { origin, path: pathname + search };
    this.known.set(text, destination);
    if (this.known.size > this.limit) this.known.delete(this.known.keys().next().value!);
    return destination;
  }
}
