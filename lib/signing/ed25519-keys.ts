import { decode, type SignatureEncoding } from './encoding';
import { InvalidSecretError } from './secret';

const PRIVATE_BYTES = 64;
const PUBLIC_BYTES = 32;

/**
 * How ed25519 keys are written. A private key is 64 bytes, the seed and the public key; a public key is 32.
 *
 * - `standard`: as Standard Webhooks does, `whsk_` or `whpk_` and base64
 * - `hex`, `base64`: bare
 */
export type Ed25519KeyFormat = 'standard' | 'hex' | 'base64';

export const KEY_FORMATS: readonly Ed25519KeyFormat[] = ['standard', 'hex', 'base64'];

/** Reads and writes keys; wherever a public key is read, a private one is taken for its public half. */
export class Ed25519Keys {
  private readonly encoding: SignatureEncoding;
  private readonly privatePrefix: string;
  private readonly publicPrefix: string;

  constructor(private readonly format: Ed25519KeyFormat) {
    this.encoding = format === 'hex' ? 'hex' : 'base64';
    [this.privatePrefix, this.publicPrefix] = format === 'standard' ? ['whsk_', 'whpk_'] : ['', ''];
  }

  writePrivate(bytes: Buffer): string {
    return this.privatePrefix + bytes.toString(this.encoding);
  }

  writePublic(bytes: Buffer): string {
    return this.publicPrefix + bytes.toString(this.encoding);
  }

  /** @throws InvalidSecretError when the text is not a private key */
  readPrivate(text: string): Buffer {
    const bytes = this.read(text, this.privatePrefix, PRIVATE_BYTES);
    if (bytes) return bytes;
    throw new InvalidSecretError(`Expected a private key: ${this.described(this.privatePrefix, PRIVATE_BYTES)}.`);
  }

  /** @throws InvalidSecretError when the text is neither a public nor a private key */
  readPublic(text: string): Buffer {
    const own = this.read(text, this.publicPrefix, PUBLIC_BYTES);
    const bytes = own ?? this.read(text, this.privatePrefix, PRIVATE_BYTES)?.subarray(PUBLIC_BYTES);
    if (bytes) return bytes;
    throw new InvalidSecretError(`Expected a public key: ${this.described(this.publicPrefix, PUBLIC_BYTES)}.`);
  }

  private read(text: string, prefix: string, length: number): Buffer | undefined {
    const bytes = text.startsWith(prefix) ? decode(text.slice(prefix.length), this.encoding) : undefined;
    return bytes?.length === length ? bytes : undefined;
  }

  private described(prefix: string, length: number): string {
    const written = this.format === 'standard' ? `"${prefix}" and the base64` : `the ${this.encoding}`;
    return `${written} of ${length} bytes`;
  }
}
