import type { Subscription } from '../subscriptions/subscription';
import type { Responded } from '../transport/transport';
import type { Composition } from './delivery-profile';

/** What an endpoint has to answer before it gets anything: the seam that a contract fills. */
export interface Handshake {
  /** Whether a subscription that does not pass is not made at all; otherwise it is made and stays suspended. */
  readonly required: boolean;
  /** What the subscriber is to do about an endpoint that has not passed, in a sentence. @default nothing is said */
  readonly remedy?: string;
  /** The request that is made. @param challenge 32 random hex digits, new each time */
  request(subscription: Subscription, challenge: string): Composition;
  /** What is wrong with the answer, in words for the subscriber; undefined when the endpoint has passed. */
  objectionTo(answer: Responded, challenge: string, subscription: Subscription): string | undefined;
}
