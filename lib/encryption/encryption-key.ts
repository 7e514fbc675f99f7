import { createHmac } from 'node:crypto';
import { WebhooksConfigurationError } from '../shared/webhooks.error';

const KEY_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

/** A key of AES-256. Like all that holds a secret, it shows itself to no log. */
export class EncryptionKey {
  /** 16 hex digits that name the key and tell nothing of it. */
  readonly id: string;
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.id = createHmac('sha256', bytes).update('nestjs-webhooks: the id of this key').digest('hex').slice(0, 16);
  }

  /**
   * @param text the base64 of 32 bytes
   * @param name what to call it in an error, which never contains the key
   * @throws WebhooksConfigurationError
   */
  static parse(text: unknown, name: string): EncryptionKey {
    if (typeof text === 'string' && BASE64.test(text)) return new EncryptionKey(Buffer.from(text, 'base64'));
    throw new WebhooksConfigurationError(
      `Expected ${name} to be the base64 of ${KEY_BYTES} random bytes, got ${described(text)}. ` +
        `Make one with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }

  get bytes(): Buffer {
    return this.#bytes;
  }
}

function described(text: unknown): string {
  return typeof text === 'string' ? `another text, of ${text.length} characters` : `a value of type ${typeof text}`;
}
