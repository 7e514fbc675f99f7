import { createHash, type KeyObject } from 'node:crypto';

/** A public key as RFC 7517 writes it; `kid` is its thumbprint (RFC 7638). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly use: 'sig';
  /** The algorithm; left out where none has a name. */
  readonly alg?: string;
  /** The curve and the key of an OKP key (RFC 8037). */
  readonly crv?: string;
  readonly x?: string;
  /** Modulus and exponent of an RSA key. */
  readonly n?: string;
  readonly e?: string;
}

/** What receivers verify with, where a scheme has key pairs. */
export interface PublicKey {
  /** As the scheme writes it: `whpk_…`, hex, base64 or PEM. */
  readonly text: string;
  readonly jwk: PublicJwk;
}

/** What a thumbprint is made of, in the order that RFC 7638 wants. */
const REQUIRED_MEMBERS = ['crv', 'e', 'kty', 'n', 'x'] as const;

/** @param key private or public; of a private one nothing but its public half is read */
export function publicJwk(key: KeyObject, alg?: string): PublicJwk {
  const exported = key.export({ format: 'jwk' });
  const members = REQUIRED_MEMBERS.filter((name) => exported[name] !== undefined);
  const required = Object.fromEntries(members.map((name) => [name, exported[name]!]));
  const kid = createHash('sha256').update(JSON.stringify(required)).digest('base64url');
  return { ...(required as Pick<PublicJwk, 'kty'>), kid, use: 'sig', ...(alg !== undefined && { alg }) };
}
