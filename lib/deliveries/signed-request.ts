import type { Subscription } from '../subscriptions/subscription';
import type { OutgoingRequest } from '../transport/transport';
import type { Composition, DeliveryProfile } from './delivery-profile';

/** The request as it goes out, signed with the secrets of its subscription. @throws UnreadableSecretError */
export function signedRequest(
  { method, url, headers, body }: Composition,
  { profile, subscription, id, now }: { profile: DeliveryProfile; subscription: Subscription; id: string; now: number },
): OutgoingRequest {
  const message = { id, timestamp: Math.floor(now / 1000), method, url, body: body ?? '' };
  const signature = profile.signatureFor(subscription).sign(message, subscription.secrets.at(now));
  return { method, url, headers: together(headers, signature), body, timeoutMs: profile.timeoutMs };
}

/** A header that a subscriber wants on its deliveries must not stand in the way of the signature. */
function together(headers: Composition['headers'], signature: Composition['headers']): Record<string, string> {
  const taken = new Set(Object.keys(signature).map((name) => name.toLowerCase()));
  const others = Object.entries(headers).filter(([name]) => !taken.has(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...signature };
}
