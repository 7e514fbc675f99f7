import { WebhooksError } from '../shared/webhooks.error';
import { bodyText, headerValues, type ReceivedRequest } from '../signing/received-request';
import type { SignatureScheme, VerifiedMessage } from '../signing/signature-scheme';
import { standardWebhooks } from '../signing/standard-webhooks.scheme';

/** A request that claims to be a webhook, and what it is to be measured by. */
export interface WebhookToVerify extends ReceivedRequest {
  /** One secret, or several while they are rotated. For schemes with key pairs: the sender's public keys. */
  readonly secrets: string | readonly string[];
  /** How the sender signs. @default standardWebhooks() */
  readonly scheme?: SignatureScheme;
  /** How far the request's time may be off, in milliseconds, where the scheme carries one. @default 300_000 */
  readonly toleranceMs?: number;
  /** What time it is, in milliseconds since the epoch. @default the system's time */
  readonly now?: number;
}

/** A webhook that is what it claims to be. */
export interface VerifiedWebhook<Payload = unknown> extends VerifiedMessage {
  /** The body, parsed: JSON, or the fields of a form; undefined when it is empty. Its shape is not checked. */
  readonly payload: Payload;
}

/** Thrown when a webhook is genuine, but its body is neither JSON nor a form. */
export class UnreadableWebhookError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNREADABLE_BODY';
  override readonly status = 400;
}

/**
 * Verifies a webhook that others sent, and reads it. Remember the `id` and drop repetitions: senders send again what was
 * not answered in time, and where a scheme has no time, anybody who saw a request can send it again.
 * @throws InvalidSignatureError when the request does not prove who sent it; answer 401
 * @throws UnreadableWebhookError when it does, but cannot be read; answer 400
 * @throws InvalidSecretError when a secret cannot be one of this scheme, or there is none
 */
export function verifyWebhook<Payload = unknown>(webhook: WebhookToVerify): VerifiedWebhook<Payload> {
  const { scheme = standardWebhooks(), secrets, toleranceMs, now = Date.now() } = webhook;
  const message = scheme.verify(webhook, [secrets].flat(), { now, toleranceMs });
  return { ...message, payload: payloadOf(webhook) as Payload };
}

function payloadOf({ headers, body }: ReceivedRequest): unknown {
  const text = bodyText(body);
  if (text === '') return undefined;
  const isForm = headerValues(headers, 'content-type').some((type) =>
    /^application\/x-www-form-urlencoded\b/i.test(type),
  );
  return isForm ? Object.fromEntries(new URLSearchParams(text)) : jsonOf(text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnreadableWebhookError('The webhook is genuine, but its body is neither JSON nor a form.', { cause });
  }
}
