import { ContentSignature } from './content-signature';
import type { SignatureEncoding } from './encoding';
import { HeaderCarrier, type HeaderOptions } from './header.carrier';
import type { SignatureHash } from './hmac.algorithm';
import { RsaAlgorithm, type RsaPadding } from './rsa.algorithm';
import type { SignatureScheme } from './signature-scheme';
import type { SignedContent } from './signed-message';

export interface RsaOptions extends HeaderOptions {
  /** @default 'sha256' */
  readonly algorithm?: SignatureHash;
  /** @default 'pkcs1' */
  readonly padding?: RsaPadding;
  /** @default 'base64' */
  readonly encoding?: SignatureEncoding;
  /** The text that is signed. @default id, time and body with dots between, as far as headers carry them */
  readonly content?: SignedContent;
}

/**
 * An RSA signature (RFC 8017). The secret is a private key in PEM of at least 2,048 bits; receivers get its public key,
 * `verificationKey(secret)`, and may also verify with a certificate in PEM.
 *
 * @example rsa({ header: 'X-Signature-SHA256' }) // Wise
 */
export function rsa(options: RsaOptions): SignatureScheme {
  const { algorithm = 'sha256', padding = 'pkcs1', encoding = 'base64', content, ...headers } = options;
  return new ContentSignature({
    algorithm: new RsaAlgorithm(algorithm, padding),
    carrier: new HeaderCarrier(headers),
    encoding,
    content,
  });
}
