import { ContentSignature } from './content-signature';
import type { SignatureEncoding } from './encoding';
import { HmacAlgorithm, type SignatureHash } from './hmac.algorithm';
import { ListCarrier, type ListOptions } from './list.carrier';
import { textSecret, type SecretFormat } from './secret-format';
import type { SignatureScheme } from './signature-scheme';
import type { SignedContent } from './signed-message';

export interface TimestampedOptions extends ListOptions {
  /** @default 'sha256' */
  readonly algorithm?: SignatureHash;
  /** @default 'hex' */
  readonly encoding?: SignatureEncoding;
  /** The text that is signed; leave the time in it. @default time and body with a dot between */
  readonly content?: SignedContent;
  /** What secrets look like. @default textSecret() */
  readonly secret?: SecretFormat;
}

/**
 * A time and HMACs in one header, `t=1492774577,v1=5257…`, as Stripe introduced it. One signature for each secret.
 *
 * @example timestamped({ header: 'Stripe-Signature' })
 */
export function timestamped(options: TimestampedOptions): SignatureScheme {
  const { algorithm = 'sha256', encoding = 'hex', secret = textSecret(), content, ...list } = options;
  return new ContentSignature({
    algorithm: new HmacAlgorithm(algorithm, secret),
    carrier: new ListCarrier(list),
    encoding,
    content,
  });
}
