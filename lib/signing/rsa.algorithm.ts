import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SignatureEncoding } from './encoding';
import { HASHES, type SignatureHash } from './hmac.algorithm';
import { assertOneOf } from './option-checks';
import { publicJwk, type PublicKey } from './public-key';
import { InvalidSecretError } from './secret';
import { SignatureAlgorithm } from './signature-algorithm';

const FEWEST_BITS = 2048;

/** `pkcs1` is RSASSA-PKCS1-v1_5, `pss` is RSASSA-PSS with a salt as long as the hash. */
export type RsaPadding = 'pkcs1' | 'pss';

export class RsaAlgorithm extends SignatureAlgorithm {
  override readonly hasKeyPairs = true;

  constructor(
    private readonly hash: SignatureHash,
    private readonly padding: RsaPadding,
  ) {
    super();
    assertOneOf('algorithm', hash, HASHES);
    assertOneOf('padding', padding, ['pkcs1', 'pss']);
  }

  sign(content: string, secret: string, encoding: SignatureEncoding): string {
    const key = { key: readKey(createPrivateKey, secret, 'private'), ...this.manner(constants.RSA_PSS_SALTLEN_DIGEST) };
    return sign(this.hash, Buffer.from(content), key).toString(encoding);
  }

  verifies(content: string, signatures: readonly Buffer[], secret: string): boolean {
    const data = Buffer.from(content);
    const key = { key: readKey(createPublicKey, secret, 'public'), ...this.manner(constants.RSA_PSS_SALTLEN_AUTO) };
    return signatures.some((signature) => verify(this.hash, data, key, signature));
  }

  generateSecret(): string {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: FEWEST_BITS });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  assertSecret(secret: string): void {
    readKey(createPrivateKey, secret, 'private');
  }

  publicKey(secret: string): PublicKey {
    const key = readKey(createPublicKey, secret, 'public');
    // RFC 7518; with SHA-1 there is nothing to recommend by name.
    const name = `${this.padding === 'pss' ? 'PS' : 'RS'}${this.hash.slice('sha'.length)}`;
    const jwk = publicJwk(key, this.hash === 'sha1' ? undefined : name);
    return { text: key.export({ type: 'spki', format: 'pem' }).toString(), jwk };
  }

  private manner(saltLength: number): { padding: number; saltLength?: number } {
    if (this.padding === 'pkcs1') return { padding: constants.RSA_PKCS1_PADDING };
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  }
}

function readKey(create: (pem: string) => KeyObject, pem: string, kind: 'private' | 'public'): KeyObject {
  const key = parsed(create, pem);
  if (key?.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails!.modulusLength! >= FEWEST_BITS) return key;
  throw new InvalidSecretError(`Expected a ${kind} key: the PEM of an RSA key of at least ${FEWEST_BITS} bits.`);
}

function parsed(create: (pem: string) => KeyObject, pem: string): KeyObject | undefined {
  try {
    return create(pem);
  } catch {
    return undefined;
  }
}
