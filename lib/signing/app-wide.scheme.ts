import type { PublicKey } from './public-key';
import type { ReceivedRequest } from './received-request';
import { assertSome, textSecret } from './secret-format';
import { SignatureScheme, type MessageToSign, type VerifiedMessage, type VerifyOptions } from './signature-scheme';

/**
 * A scheme with secrets of the whole application, for all subscriptions, newest first; those of a subscription are left
 * aside. Usual with key pairs, of which receivers get the public half: `scheme.verificationKey(secret)`.
 * @throws InvalidSecretError when a secret is not what the scheme needs, or when there is none
 *
 * @example appWide(rsa({ header: 'X-Signature-SHA256' }), [privateKey])
 */
export function appWide(scheme: SignatureScheme, secrets: readonly string[]): SignatureScheme {
  return new AppWide(scheme, secrets);
}

class AppWide extends SignatureScheme {
  override readonly hasKeyPairs: boolean;
  override readonly sendsSecret: boolean;

  constructor(
    private readonly scheme: SignatureScheme,
    private readonly secrets: readonly string[],
  ) {
    super();
    this.hasKeyPairs = scheme.hasKeyPairs;
    this.sendsSecret = scheme.sendsSecret;
    assertSome(secrets);
    secrets.forEach((secret) => scheme.assertSecret(secret));
  }

  sign(message: MessageToSign): Record<string, string> {
    return this.scheme.sign(message, this.secrets);
  }

  verify(received: ReceivedRequest, _secrets: readonly string[], options: VerifyOptions): VerifiedMessage {
    return this.scheme.verify(received, this.secrets, options);
  }

  generateSecret(): string {
    return textSecret().generate();
  }

  assertSecret(): void {
    return undefined;
  }

  override publicKeys(): PublicKey[] {
    return this.scheme.publicKeys(this.secrets);
  }

  override verificationKey(secret: string): string {
    return this.scheme.verificationKey(secret);
  }
}
