import { verifyWebhook } from '../receiver/verify-webhook';
import { WebhooksError } from '../shared/webhooks.error';
import { headerValues } from '../signing/received-request';
import { standardWebhooks } from '../signing/standard-webhooks.scheme';
import type { Arrival } from './listener';

/** What is known of a request: what it says it is, and whether that is true. */
export type Verdict = Claims &
  (
    | { readonly kind: 'verified' }
    /** There was nothing to verify it with. */
    | { readonly kind: 'unverified' }
    | { readonly kind: 'refused'; readonly reason: string }
  );

interface Claims {
  readonly id: string | undefined;
  readonly topic: string | undefined;
}

/** @param secrets those of `v1` and the public keys of `v1a`, in any order */
export function verdictOn(arrival: Arrival, secrets: readonly string[], now: number): Verdict {
  const claims = claimsOf(arrival);
  if (secrets.length === 0) return { ...claims, kind: 'unverified' };
  if (arrival.cut) return { ...claims, kind: 'refused', reason: 'its body is longer than 1 MiB' };
  try {
    verify(arrival, secrets, now);
    return { ...claims, kind: 'verified' };
  } catch (error) {
    // Whatever it is, it is about this request: the next one may be better.
    return { ...claims, kind: 'refused', reason: error instanceof WebhooksError ? error.message : String(error) };
  }
}

function verify({ headers, body }: Arrival, secrets: readonly string[], now: number): void {
  const isKeyPair = (secret: string) => /^wh(pk|sk)_/.test(secret);
  const [pairs, shared] = [secrets.filter(isKeyPair), secrets.filter((secret) => !isKeyPair(secret))];
  const signatures = headerValues(headers, 'webhook-signature').join(' ');
  const version = pairs.length > 0 && (shared.length === 0 || /(^| )v1a,/.test(signatures)) ? 'v1a' : 'v1';
  verifyWebhook({
    headers,
    body,
    secrets: version === 'v1a' ? pairs : shared,
    scheme: standardWebhooks({ version }),
    now,
  });
}

function claimsOf({ headers, body }: Arrival): Claims {
  const [id] = headerValues(headers, 'webhook-id');
  return { id, topic: topicIn(body.toString('utf8')) };
}

function topicIn(text: string): string | undefined {
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
