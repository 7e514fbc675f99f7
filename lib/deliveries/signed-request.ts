import type { Subscription } from '../subscriptions/subscription';
import type { OutgoingRequest } from '../transport/transport';
import { confidentialIn } from './confidential';
import type { Composition, DeliveryProfile } from './delivery-profile';

/** A request as it goes out, and what of it nobody may see. */
export interface SignedRequest {
  readonly request: OutgoingRequest;
  /** Texts that an endpoint could send back, and that must not be kept then. */
  readonly confidential: readonly string[];
}

/** The request, signed with the secrets of its subscription. @throws UnreadableSecretError */
export function signedRequest(
  { method, url, headers, body }: Composition,
  { profile, subscription, id, now }: { profile: DeliveryProfile; subscription: Subscription; id: string; now: number },
): SignedRequest {
  const message = { id, timestamp: Math.floor(now / 1000), method, url, body: body ?? '' };
  const [scheme, secrets] = [profile.signatureFor(subscription), subscription.secrets.at(now)];
  const signature = scheme.sign(message, secrets);
  const request = { method, url, headers: together(headers, signature), body, timeoutMs: profile.timeoutMs };
  return { request, confidential: scheme.sendsSecret ? confidentialIn(signature, secrets) : [] };
}

/**
 * Some headers and those that count more. A header that a subscriber wants on its deliveries must not stand in the way of
 * the contract's, nor those of the signature.
 */
export function together(headers: Composition['headers'], signature: Composition['headers']): Record<string, string> {
  const ofSignature = Object.entries(signature);
  const taken = new Set(ofSignature.map(([name]) => readAs(name)));
  const others = Object.entries(headers).filter(([name]) => !taken.has(readAs(name)));
  // What comes last counts, so that a contract adds its own to what it was asked to copy.
  const byName = new Map(others.map((header) => [readAs(header[0]), header]));
  return Object.fromEntries([...byName.values(), ...ofSignature]);
}

/** CGI and what is made like it see no difference between "webhook-id" and "Webhook_Id". */
function readAs(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
