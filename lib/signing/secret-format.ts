import { randomBytes } from 'node:crypto';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { decode } from './encoding';
import { generateSecret, InvalidSecretError, secretKey } from './secret';

/** What a shared secret looks like and which bytes it stands for. */
export abstract class SecretFormat {
  /** A new random secret. */
  abstract generate(): string;
  /**
   * The bytes that sign.
   * @throws InvalidSecretError when the text is not such a secret
   */
  abstract key(secret: string): Buffer;
}

/** Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes, which sign. */
export const standardSecret: SecretFormat = { generate: generateSecret, key: secretKey };

/**
 * Any text, whose UTF-8 signs; what most providers have.
 * @param characters how many hex digits a generated one has
 */
export function textSecret({ characters = 64 }: { readonly characters?: number } = {}): SecretFormat {
  if (!Number.isInteger(characters) || characters < 16) {
    throw new WebhooksConfigurationError(`Expected characters to be a whole number from 16, got ${characters}.`);
  }
  return { generate: () => hexDigits(characters), key: (secret) => Buffer.from(textOf(secret)) };
}

/**
 * Hex or base64 whose decoded bytes sign.
 * @param bytes how many a generated one has
 */
export function encodedSecret(encoding: 'hex' | 'base64', { bytes = 32 } = {}): SecretFormat {
  return {
    generate: () => randomBytes(bytes).toString(encoding),
    key: (secret) => {
      const key = decode(textOf(secret), encoding);
      if (key) return key;
      throw new InvalidSecretError(`Expected a webhook secret to be ${encoding}, got something else.`);
    },
  };
}

/**
 * Makes sure that there is something to sign or verify with.
 * @throws InvalidSecretError when there is no secret, or one is not text
 */
export function assertSome(secrets: readonly string[]): void {
  if (secrets.length === 0) throw new InvalidSecretError('Expected at least one webhook secret, got none.');
  secrets.forEach(textOf);
}

export function hexDigits(count: number): string {
  return randomBytes(Math.ceil(count / 2))
    .toString('hex')
    .slice(0, count);
}

function textOf(secret: unknown): string {
  if (typeof secret === 'string' && secret !== '') return secret;
  throw new InvalidSecretError(`Expected a webhook secret to be text, got ${secret === '' ? 'none' : typeof secret}.`);
}
