import { ContentSignature } from './content-signature';
import type { SignatureEncoding } from './encoding';
import { HeaderCarrier, type HeaderOptions } from './header.carrier';
import { HmacAlgorithm, type SignatureHash } from './hmac.algorithm';
import { textSecret, type SecretFormat } from './secret-format';
import type { SignatureScheme } from './signature-scheme';
import type { SignedContent } from './signed-message';

export interface HmacOptions extends HeaderOptions {
  /** @default 'sha256' */
  readonly algorithm?: SignatureHash;
  /** @default 'hex' */
  readonly encoding?: SignatureEncoding;
  /** The text that is signed. @default id, time and body with dots between, as far as headers carry them */
  readonly content?: SignedContent;
  /** What secrets look like. @default textSecret() */
  readonly secret?: SecretFormat;
}

/**
 * An HMAC in a header of its own (RFC 2104): most webhooks there are. Without `timestampHeader`, receivers cannot tell a
 * repetition from the original.
 *
 * @example hmac({ header: 'X-Hub-Signature-256', prefix: 'sha256=' }) // GitHub
 * @example hmac({ header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' }) // Shopify
 */
export function hmac(options: HmacOptions): SignatureScheme {
  const { algorithm = 'sha256', encoding = 'hex', secret = textSecret(), content, ...headers } = options;
  return new ContentSignature({
    algorithm: new HmacAlgorithm(algorithm, secret),
    carrier: new HeaderCarrier(headers),
    encoding,
    content,
  });
}
