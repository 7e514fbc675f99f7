import type { PublicJwk, PublicKey } from '../../signing/public-key';
import { apiProperty, apiSchema } from '../generated/openapi';

/** A public key as RFC 7517 writes it. */
@apiSchema('WebhookPublicKey')
export class PublicKeyView implements PublicJwk {
  @apiProperty({ type: String, example: 'OKP' })
  readonly kty!: string;

  @apiProperty({ type: String, description: 'The thumbprint of the key (RFC 7638).' })
  readonly kid!: string;

  @apiProperty({ type: String, enum: ['sig'] })
  readonly use!: 'sig';

  @apiProperty({ type: String, required: false, example: 'EdDSA' })
  readonly alg?: string;

  @apiProperty({ type: String, required: false, example: 'Ed25519', description: 'The curve of an OKP key.' })
  readonly crv?: string;

  @apiProperty({ type: String, required: false, description: 'The key itself, where it is an OKP key.' })
  readonly x?: string;

  @apiProperty({ type: String, required: false, description: 'The modulus of an RSA key.' })
  readonly n?: string;

  @apiProperty({ type: String, required: false, description: 'The exponent of an RSA key.' })
  readonly e?: string;
}

/** Public keys as RFC 7517 writes a set of them. */
@apiSchema('WebhookPublicKeys')
export class PublicKeysView {
  @apiProperty({ type: () => PublicKeyView, isArray: true } as never)
  readonly keys!: readonly PublicKeyView[];
}

export function publicKeysView(keys: readonly PublicKey[]): PublicKeysView {
  return { keys: keys.map(({ jwk }) => jwk) };
}
