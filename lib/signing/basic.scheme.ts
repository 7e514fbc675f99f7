import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { equalTexts } from './constant-time';
import { InvalidSignatureError } from './invalid-signature.error';
import { assertHeaderName } from './option-checks';
import { onlyHeader, type ReceivedRequest } from './received-request';
import { InvalidSecretError } from './secret';
import { assertSome, hexDigits } from './secret-format';
import { SignatureScheme, type MessageToSign, type VerifiedMessage } from './signature-scheme';

const GENERATED_USER = 'webhooks';
/* eslint-disable no-control-regex -- they are what RFC 7617 forbids */
const USER = /^[^:\x00-\x1f\x7f]+$/;
const CREDENTIALS = /^[^:\x00-\x1f\x7f]*:[^\x00-\x1f\x7f]+$/;
/* eslint-enable no-control-regex */

export interface BasicOptions {
  /** The user, when it is the same for all; secrets are then passwords. @default none: a secret is `user:password` */
  readonly user?: string;
  /** @default 'Authorization' */
  readonly header?: string;
}

/**
 * HTTP Basic credentials (RFC 7617). Like {@link echoedSecret} it says nothing about the body or the time: only over
 * https.
 */
export function basic(options: BasicOptions = {}): SignatureScheme {
  return new BasicCredentials(options);
}

class BasicCredentials extends SignatureScheme {
  override readonly sendsSecret = true;
  private readonly user?: string;
  private readonly header: string;

  constructor({ user, header = 'Authorization' }: BasicOptions) {
    super();
    assertHeaderName('header', header);
    if (user !== undefined && !USER.test(user)) {
      throw new WebhooksConfigurationError(`Expected user to have no colon and no control character, got ${user}.`);
    }
    this.user = user;
    this.header = header;
  }

  sign(_message: MessageToSign, secrets: readonly string[]): Record<string, string> {
    assertSome(secrets);
    return { [this.header]: `Basic ${this.encoded(secrets[0]!)}` };
  }

  verify({ headers }: ReceivedRequest, secrets: readonly string[]): VerifiedMessage {
    assertSome(secrets);
    const expected = secrets.map((secret) => this.encoded(secret));
    const received = /^basic +(\S+)$/i.exec(onlyHeader(headers, this.header))?.[1] ?? '';
    if (expected.some((candidate) => equalTexts(received, candidate))) return { id: null, timestamp: null };
    throw new InvalidSignatureError(`Expected "${this.header}" to have the Basic credentials of this subscription.`);
  }

  generateSecret(): string {
    const password = hexDigits(64);
    return this.user === undefined ? `${GENERATED_USER}:${password}` : password;
  }

  assertSecret(secret: string): void {
    assertSome([secret]);
    this.encoded(secret);
  }

  private encoded(secret: string): string {
    const credentials = this.user === undefined ? secret : `${this.user}:${secret}`;
    if (CREDENTIALS.test(credentials)) return Buffer.from(credentials).toString('base64');
    throw new InvalidSecretError(
      'Expected a webhook secret to be "user:password" without control characters, got another.',
    );
  }
}
