import { CHALLENGE_TYPE, VALIDATION_HEADERS } from '../shared/challenge';
import { headerValues } from '../signing/received-request';
import { verifyWebhook, type WebhookToVerify } from './verify-webhook';

/** A request that may ask an endpoint to show whose it is, and what it is measured by. */
export interface HandshakeToAnswer extends WebhookToVerify {
  /** The verb of the request. */
  readonly method: string;
  /** The senders that may send, such as `events.example.com`. @default none: `OPTIONS` is answered with 403 */
  readonly origins?: readonly string[];
  /** How many requests a minute they may send. @default any number */
  readonly rate?: number;
}

/** What to answer. */
export interface HandshakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The answer to a signed challenge, once it is verified, or to CloudEvents' validation; undefined where the request is
 * neither, and so a webhook to take.
 * @throws InvalidSignatureError when the request does not prove who sent it; answer 401
 * @throws UnreadableWebhookError when it does, but cannot be read; answer 400
 * @throws InvalidSecretError when a secret cannot be one of this scheme, or there is none
 */
export function answerHandshake(request: HandshakeToAnswer): HandshakeAnswer | undefined {
  if (request.method.toUpperCase() === 'OPTIONS') return answerToValidation(request);
  const { payload } = verifyWebhook(request);
  const { type, data } = (payload ?? {}) as { type?: unknown; data?: { challenge?: unknown } | null };
  if (type !== CHALLENGE_TYPE || typeof data?.challenge !== 'string') return undefined;
  const body = JSON.stringify({ challenge: data.challenge });
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** Anybody may ask: only the origin says who it is, and granting it lets nobody in that cannot sign. */
function answerToValidation({ headers, origins = [], rate }: HandshakeToAnswer): HandshakeAnswer | undefined {
  const [asked, ...others] = headerValues(headers, VALIDATION_HEADERS.requestOrigin);
  if (asked === undefined) return undefined;
  const granted = others.length === 0 && origins.find((each) => each.toLowerCase() === asked.trim().toLowerCase());
  if (!granted) return { status: 403, headers: {}, body: '' };
  const { allowedOrigin, allowedRate } = VALIDATION_HEADERS;
  return {
    status: 200,
    headers: {
      [allowedOrigin]: granted,
      [allowedRate]: rate === undefined ? '*' : String(rate),
      allow: 'OPTIONS, POST',
    },
    body: '',
  };
}
