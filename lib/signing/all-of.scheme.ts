import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { PublicKey } from './public-key';
import type { ReceivedRequest } from './received-request';
import { SignatureScheme, type MessageToSign, type VerifiedMessage, type VerifyOptions } from './signature-scheme';

/**
 * Several schemes on one request, each with the same secrets, as where an old and a new signature go out together. A
 * receiver that names all of them demands all of them. The first one makes secrets.
 *
 * @example allOf(hmac({ header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' }),
 *   hmac({ header: 'X-Hub-Signature-256', prefix: 'sha256=' })) // GitHub
 */
export function allOf(first: SignatureScheme, ...others: readonly SignatureScheme[]): SignatureScheme {
  return new AllOf([first, ...others]);
}

class AllOf extends SignatureScheme {
  override readonly hasKeyPairs: boolean;
  override readonly sendsSecret: boolean;

  constructor(private readonly schemes: readonly SignatureScheme[]) {
    super();
    // Where one of them is verified with the secret itself, receivers need that.
    this.hasKeyPairs = schemes.every((scheme) => scheme.hasKeyPairs);
    this.sendsSecret = schemes.some((scheme) => scheme.sendsSecret);
  }

  sign(message: MessageToSign, secrets: readonly string[]): Record<string, string> {
    const signed = this.schemes.map((scheme) => scheme.sign(message, secrets));
    const names = signed.flatMap((headers) => Object.keys(headers).map((name) => name.toLowerCase()));
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (repeated === undefined) return Object.assign({}, ...signed) as Record<string, string>;
    throw new WebhooksConfigurationError(`Expected each scheme to have headers of its own, got "${repeated}" twice.`);
  }

  verify(received: ReceivedRequest, secrets: readonly string[], options: VerifyOptions): VerifiedMessage {
    const messages = this.schemes.map((scheme) => scheme.verify(received, secrets, options));
    return {
      id: messages.find(({ id }) => id !== null)?.id ?? null,
      timestamp: messages.find(({ timestamp }) => timestamp !== null)?.timestamp ?? null,
    };
  }

  generateSecret(): string {
    return this.schemes[0]!.generateSecret();
  }

  assertSecret(secret: string): void {
    this.schemes.forEach((scheme) => scheme.assertSecret(secret));
  }

  override publicKeys(secrets: readonly string[]): PublicKey[] {
    const keys = this.schemes.flatMap((scheme) => scheme.publicKeys(secrets));
    return [...new Map(keys.map((key) => [key.jwk.kid, key])).values()];
  }

  override verificationKey(secret: string): string {
    return this.schemes[0]!.verificationKey(secret);
  }
}
