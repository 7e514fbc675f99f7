import { ed25519 } from './ed25519.scheme';
import { hmac } from './hmac.scheme';
import { assertOneOf } from './option-checks';
import { standardSecret } from './secret-format';
import type { SignatureScheme } from './signature-scheme';

export interface StandardWebhooksOptions {
  /** `v1` is HMAC with `whsec_` secrets; `v1a` is ed25519 with `whsk_` secrets and `whpk_` public keys. @default 'v1' */
  readonly version?: 'v1' | 'v1a';
  /** What the names of the three headers begin with; Svix has `svix`. @default 'webhook' */
  readonly headerPrefix?: string;
}

/**
 * Standard Webhooks (https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and `webhook-signature`, which
 * holds one `v1,<base64>` over "id.timestamp.body" for each secret. Signatures of other versions are passed over.
 */
export function standardWebhooks({
  version = 'v1',
  headerPrefix = 'webhook',
}: StandardWebhooksOptions = {}): SignatureScheme {
  assertOneOf('version', version, ['v1', 'v1a']);
  const headers = {
    idHeader: `${headerPrefix}-id`,
    timestampHeader: `${headerPrefix}-timestamp`,
    header: `${headerPrefix}-signature`,
    prefix: `${version},`,
    separator: ' ',
    encoding: 'base64',
  } as const;
  return version === 'v1' ? hmac({ ...headers, secret: standardSecret }) : ed25519(headers);
}
