import { equalTexts } from './constant-time';
import { InvalidSignatureError } from './invalid-signature.error';
import { assertHeaderName } from './option-checks';
import { headerValues, type ReceivedRequest } from './received-request';
import { InvalidSecretError } from './secret';
import { assertSome, textSecret, type SecretFormat } from './secret-format';
import { SignatureScheme, type MessageToSign, type VerifiedMessage } from './signature-scheme';

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export interface EchoedSecretOptions {
  /** The header that holds the secret, or several that all do; a receiver is content with one of them. */
  readonly header: string | readonly string[];
  /** What stands before the secret, such as `Bearer `. @default '' */
  readonly prefix?: string;
  /** What secrets look like; they must be visible ASCII. @default textSecret() */
  readonly secret?: SecretFormat;
}

/**
 * The secret itself in a header. It proves who sent the request as long as nobody reads along, and nothing about the
 * body, the time, or whether it is a repetition: only for contracts that demand it, and only over https.
 *
 * @example echoedSecret({ header: 'X-Gitlab-Token' }) // GitLab
 */
export function echoedSecret(options: EchoedSecretOptions): SignatureScheme {
  return new EchoedSecret(options);
}

class EchoedSecret extends SignatureScheme {
  override readonly sendsSecret = true;
  private readonly headers: readonly string[];
  private readonly prefix: string;
  private readonly format: SecretFormat;

  constructor({ header, prefix = '', secret = textSecret() }: EchoedSecretOptions) {
    super();
    this.headers = [header].flat();
    this.headers.forEach((name) => assertHeaderName('header', name));
    this.prefix = prefix;
    this.format = secret;
  }

  sign(_message: MessageToSign, secrets: readonly string[]): Record<string, string> {
    assertSome(secrets);
    const value = this.echo(secrets[0]!);
    return Object.fromEntries(this.headers.map((name) => [name, value]));
  }

  verify({ headers }: ReceivedRequest, secrets: readonly string[]): VerifiedMessage {
    assertSome(secrets);
    const expected = secrets.map((secret) => this.echo(secret));
    const received = this.headers.flatMap((name) => headerValues(headers, name));
    const fits = (value: string) => expected.some((candidate) => equalTexts(value, candidate));
    if (received.length > 0 && received.every(fits)) return { id: null, timestamp: null };
    const names = this.headers.map((name) => `"${name}"`).join(' or ');
    throw new InvalidSignatureError(`Expected the request to have the secret of this subscription in ${names}.`);
  }

  generateSecret(): string {
    return this.format.generate();
  }

  assertSecret(secret: string): void {
    assertSome([secret]);
    this.echo(secret);
  }

  private echo(secret: string): string {
    this.format.key(secret);
    if (VISIBLE_ASCII.test(secret)) return this.prefix + secret;
    throw new InvalidSecretError(
      'Expected a webhook secret to be visible ASCII, because a header holds it, got another.',
    );
  }
}
