import type { SignatureEncoding } from './encoding';
import type { PublicKey } from './public-key';

/** The arithmetic of a signature, apart from what is signed and where it stands. */
export abstract class SignatureAlgorithm {
  abstract sign(content: string, secret: string, encoding: SignatureEncoding): string;
  /** Whether one of the signatures is that of the content. */
  abstract verifies(content: string, signatures: readonly Buffer[], secret: string): boolean;
  abstract generateSecret(): string;
  abstract assertSecret(secret: string): void;
  /** Whether receivers verify with a public key. */
  abstract readonly hasKeyPairs: boolean;
  /** The public half of a secret; null where there is none. */
  abstract publicKey(secret: string): PublicKey | null;
}
