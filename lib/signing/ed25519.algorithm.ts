import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { Ed25519Keys } from './ed25519-keys';
import type { SignatureEncoding } from './encoding';
import { publicJwk, type PublicKey } from './public-key';
import { InvalidSecretError } from './secret';
import { SignatureAlgorithm } from './signature-algorithm';

const SEED_BYTES = 32;

export class Ed25519Algorithm extends SignatureAlgorithm {
  override readonly hasKeyPairs = true;

  constructor(private readonly keys: Ed25519Keys) {
    super();
  }

  sign(content: string, secret: string, encoding: SignatureEncoding): string {
    return sign(null, Buffer.from(content), privateKey(this.keys.readPrivate(secret))).toString(encoding);
  }

  verifies(content: string, signatures: readonly Buffer[], secret: string): boolean {
    const data = Buffer.from(content);
    const key = publicKey(this.keys.readPublic(secret));
    return signatures.some((signature) => verify(null, data, key, signature));
  }

  generateSecret(): string {
    const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    return this.keys.writePrivate(Buffer.concat([Buffer.from(d!, 'base64url'), Buffer.from(x!, 'base64url')]));
  }

  assertSecret(secret: string): void {
    const bytes = this.keys.readPrivate(secret);
    if (publicHalf(bytes).equals(bytes.subarray(SEED_BYTES))) return;
    throw new InvalidSecretError(
      'Expected a private key whose second half is the public key of its first, got another.',
    );
  }

  publicKey(secret: string): PublicKey {
    const bytes = this.keys.readPublic(secret);
    return { text: this.keys.writePublic(bytes), jwk: publicJwk(publicKey(bytes), 'EdDSA') };
  }
}

// As JSON Web Keys, because Node has no other way in for bare keys that needs no prefixes of DER.
function privateKey(bytes: Buffer): KeyObject {
  const [d, x] = [bytes.subarray(0, SEED_BYTES), bytes.subarray(SEED_BYTES)].map((half) => half.toString('base64url'));
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
}

function publicHalf(bytes: Buffer): Buffer {
  const { x } = createPublicKey(privateKey(bytes)).export({ format: 'jwk' });
  return Buffer.from(x!, 'base64url');
}

function publicKey(bytes: Buffer): KeyObject {
  const x = bytes.toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
