import { ContentSignature } from './content-signature';
import { Ed25519Algorithm } from './ed25519.algorithm';
import { Ed25519Keys, KEY_FORMATS, type Ed25519KeyFormat } from './ed25519-keys';
import type { SignatureEncoding } from './encoding';
import { HeaderCarrier, type HeaderOptions } from './header.carrier';
import { assertOneOf } from './option-checks';
import type { SignatureScheme } from './signature-scheme';
import type { SignedContent } from './signed-message';

export interface Ed25519Options extends HeaderOptions {
  /** @default 'base64' */
  readonly encoding?: SignatureEncoding;
  /** The text that is signed. @default id, time and body with dots between, as far as headers carry them */
  readonly content?: SignedContent;
  /** How keys are written. @default 'standard' */
  readonly keys?: Ed25519KeyFormat;
}

/**
 * An ed25519 signature (RFC 8032). The secret is a private key; receivers get its public key, `verificationKey(secret)`,
 * and can verify but not sign.
 *
 * @example ed25519({ header: 'X-Signature-Ed25519', timestampHeader: 'X-Signature-Timestamp', encoding: 'hex', keys: 'hex',
 *   content: ({ timestamp, body }) => timestamp + body }) // Discord
 */
export function ed25519(options: Ed25519Options): SignatureScheme {
  const { encoding = 'base64', keys = 'standard', content, ...headers } = options;
  assertOneOf('keys', keys, KEY_FORMATS);
  return new ContentSignature({
    algorithm: new Ed25519Algorithm(new Ed25519Keys(keys)),
    carrier: new HeaderCarrier(headers),
    encoding,
    content,
  });
}
