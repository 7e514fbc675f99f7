import type { SignatureEncoding } from './encoding';

/** The arithmetic of a signature, apart from what is signed and where it stands. */
export abstract class SignatureAlgorithm {
  abstract sign(content: string, secret: string, encoding: SignatureEncoding): string;
  /** Whether one of the signatures is that of the content. */
  abstract verifies(content: string, signatures: readonly Buffer[], secret: string): boolean;
  abstract generateSecret(): string;
  abstract assertSecret(secret: string): void;
  /** What verifies: the secret itself or its public key. */
  abstract verificationKey(secret: string): string;
}
