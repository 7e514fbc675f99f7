import type { Handshake } from '../../deliveries/handshake';
import { CHALLENGE_TYPE, VALIDATION_HEADERS } from '../../shared/challenge';
import { WebhooksConfigurationError } from '../../shared/webhooks.error';
import { isRecord } from '../rules';
import { challengeInBody, type HandshakeOptions } from './handshakes';
import { statuses } from './delivery-description';

const isSuccess = statuses(200, 299);

/**
 * A challenge in a body that is signed like a delivery, `{"type":"webhook.challenge","data":{"challenge":"…"}}`, which the
 * endpoint has to answer with `{"challenge":"…"}` once it has verified the signature: so one that sends everything back has
 * not passed.
 */
export function signedChallenge(options: Pick<HandshakeOptions, 'required'> = {}): Handshake {
  return {
    ...challengeInBody({
      ...options,
      body: (challenge) => ({ type: CHALLENGE_TYPE, data: { challenge } }),
      echoes: (answer, challenge) => isRecord(answer) && answer.challenge === challenge,
    }),
    remedy:
      'Have it verify the signature and answer {"challenge": "…"} with the challenge, then resume the subscription.',
  };
}

export interface CloudEventsValidationOptions extends Pick<HandshakeOptions, 'required'> {
  /** The DNS name that stands for the sender, such as `events.example.com`. */
  readonly origin: string;
  /** How many requests a minute the endpoint has to allow. @default it is not asked, and any rate will do */
  readonly rate?: number;
}

/**
 * CloudEvents' protection against abuse (HTTP 1.1 Web Hooks for Event Delivery, section 4): `OPTIONS` with
 * `WebHook-Request-Origin`, which the endpoint has to answer with that origin, or `*`, in `WebHook-Allowed-Origin`.
 * @throws WebhooksConfigurationError when an option is wrong
 */
export function cloudEventsValidation({ origin, rate, required = false }: CloudEventsValidationOptions): Handshake {
  assertOptions(origin, rate);
  const headers: Record<string, string> = { [VALIDATION_HEADERS.requestOrigin]: origin };
  if (rate !== undefined) headers[VALIDATION_HEADERS.requestRate] = String(rate);
  return {
    required,
    request: ({ url }) => ({ method: 'OPTIONS', url, headers }),
    objectionTo: ({ status, headers: answered }) => {
      if (!isSuccess(status)) return `The endpoint answered OPTIONS with ${status}.`;
      return objectionToOrigin(answered, origin) ?? objectionToRate(answered, rate);
    },
    remedy: `Have it answer OPTIONS with "WebHook-Allowed-Origin: ${origin}", then resume the subscription.`,
  };
}

type AnsweredHeaders = Readonly<Record<string, string>>;

function objectionToOrigin(headers: AnsweredHeaders, origin: string): string | undefined {
  const allowed = headers[VALIDATION_HEADERS.allowedOrigin.toLowerCase()]?.trim();
  if (allowed === '*' || allowed?.toLowerCase() === origin.toLowerCase()) return undefined;
  return `The endpoint does not allow ${origin} to send to it.`;
}

function objectionToRate(headers: AnsweredHeaders, rate: number | undefined): string | undefined {
  if (rate === undefined) return undefined;
  const allowed = headers[VALIDATION_HEADERS.allowedRate.toLowerCase()]?.trim();
  if (allowed === '*' || (/^\d{1,9}$/.test(allowed ?? '') && Number(allowed) >= rate)) return undefined;
  return `The endpoint does not allow ${rate} requests a minute.`;
}

function assertOptions(origin: unknown, rate: unknown): void {
  if (typeof origin !== 'string' || !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(origin)) {
    throw unexpected('origin', 'a DNS name such as "events.example.com"', origin);
  }
  if (rate === undefined || (Number.isInteger(rate) && Number(rate) > 0 && Number(rate) < 1_000_000_000)) return;
  throw unexpected('rate', 'a whole number of requests a minute', rate);
}

function unexpected(name: string, expected: string, got: unknown): WebhooksConfigurationError {
  return new WebhooksConfigurationError(
    `Expected cloudEventsValidation's ${name} to be ${expected}, got ${JSON.stringify(got)}.`,
  );
}
