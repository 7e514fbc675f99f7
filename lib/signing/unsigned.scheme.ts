import { InvalidSignatureError } from './invalid-signature.error';
import { textSecret } from './secret-format';
import { SignatureScheme, type VerifiedMessage } from './signature-scheme';

/**
 * No proof at all, for contracts that have none. Nothing that arrives can be verified, so everything is refused. A
 * subscription has a secret all the same; nothing is done with it.
 */
export function unsigned(): SignatureScheme {
  return new Unsigned();
}

class Unsigned extends SignatureScheme {
  sign(): Record<string, string> {
    return {};
  }

  verify(): VerifiedMessage {
    throw new InvalidSignatureError('The request is of a kind that nobody signs, so it cannot be verified.');
  }

  generateSecret(): string {
    return textSecret().generate();
  }

  assertSecret(): void {
    return undefined;
  }
}
