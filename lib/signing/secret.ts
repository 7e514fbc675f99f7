import { randomBytes } from 'node:crypto';

import { WebhooksError } from '../shared/webhooks.error';

const PREFIX = 'whsec_';
const GENERATED_BYTES = 32;
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Thrown when a signing secret cannot be used; its message says what is wrong and never contains the secret. */
export class InvalidSecretError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_SECRET';
  override readonly status = 422;
}

/** A new random signing secret: `whsec_` and the base64 of 32 bytes. */
export function generateSecret(): string {
  return PREFIX + randomBytes(GENERATED_BYTES).toString('base64');
}

/**
 * The bytes of a `whsec_` secret, generated or imported: 24 to 64 of them, as Standard Webhooks demands.
 * @throws InvalidSecretError when the prefix is missing, the rest is not padded base64, or the length is wrong
 */
export function secretKey(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) throw malformed('a text without that prefix');
  const encoded = secret.slice(PREFIX.length);
  if (encoded.length % 4 !== 0 || !BASE64.test(encoded))
    throw malformed('that prefix and something else than padded base64');
  const key = Buffer.from(encoded, 'base64');
  if (key.length < FEWEST_BYTES || key.length > MOST_BYTES) throw malformed(`${key.length} bytes`);
  return key;
}

function malformed(got: string): InvalidSecretError {
  return new InvalidSecretError(
    `Expected a webhook secret to be "${PREFIX}" followed by the padded base64 of ${FEWEST_BYTES} to ${MOST_BYTES} bytes, ` +
      `got ${got}.`,
  );
}
