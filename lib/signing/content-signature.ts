import { WebhooksError } from '../shared/webhooks.error';
import { decode, ENCODINGS, type SignatureEncoding } from './encoding';
import { InvalidSignatureError } from './invalid-signature.error';
import { assertOneOf } from './option-checks';
import type { PublicKey } from './public-key';
import { bodyText, type ReceivedRequest } from './received-request';
import { assertSome } from './secret-format';
import type { SignatureAlgorithm } from './signature-algorithm';
import type { SignatureCarrier } from './signature-carrier';
import { SignatureScheme, type MessageToSign, type VerifiedMessage, type VerifyOptions } from './signature-scheme';
import { MessageToSend, SignedMessage, type Carried, type SignedContent, type SignedRequest } from './signed-message';
import { assertRecent } from './timestamp';

/** More than any rotation needs; each one costs the arithmetic of a verification. */
const MOST_SIGNATURES = 32;

export interface ContentSignatureParts {
  readonly algorithm: SignatureAlgorithm;
  readonly carrier: SignatureCarrier;
  readonly encoding: SignatureEncoding;
  readonly content?: SignedContent;
}

/** A signature over a text that both ends make from the request: which text, which arithmetic, which headers. */
export class ContentSignature extends SignatureScheme {
  override readonly hasKeyPairs: boolean;
  private readonly algorithm: SignatureAlgorithm;
  private readonly carrier: SignatureCarrier;
  private readonly encoding: SignatureEncoding;
  private readonly content?: SignedContent;

  constructor({ algorithm, carrier, encoding, content }: ContentSignatureParts) {
    super();
    assertOneOf('encoding', encoding, ENCODINGS);
    this.algorithm = algorithm;
    this.hasKeyPairs = algorithm.hasKeyPairs;
    this.carrier = carrier;
    this.encoding = encoding;
    this.content = content;
  }

  sign(message: MessageToSign, secrets: readonly string[]): Record<string, string> {
    assertSome(secrets);
    const carried = this.carrier.carried(message);
    const content = this.content
      ? this.content(new MessageToSend(message, carried))
      : carriedAndBody(carried, message.body);
    const signing = this.carrier.takesSeveral ? secrets : secrets.slice(0, 1);
    const signatures = signing.map((secret) => this.algorithm.sign(content, secret, this.encoding));
    return this.carrier.write(signatures, carried);
  }

  verify(received: ReceivedRequest, secrets: readonly string[], options: VerifyOptions): VerifiedMessage {
    assertSome(secrets);
    const { signatures, ...carried } = this.carrier.read(received.headers);
    if (carried.timestamp) assertRecent(carried.timestamp, options);
    const content = this.receivedContent({ ...received, body: bodyText(received.body) }, carried);
    const candidates = this.decoded(signatures);
    if (!secrets.some((secret) => this.algorithm.verifies(content, candidates, secret))) throw this.mismatch();
    return { id: carried.id ?? null, timestamp: carried.timestamp?.seconds ?? null };
  }

  generateSecret(): string {
    return this.algorithm.generateSecret();
  }

  assertSecret(secret: string): void {
    assertSome([secret]);
    this.algorithm.assertSecret(secret);
  }

  override publicKeys(secrets: readonly string[]): PublicKey[] {
    return secrets.map((secret) => this.algorithm.publicKey(secret)).filter((key) => key !== null);
  }

  // A stranger chose the request, so what a contract's own function throws over it is a refusal.
  private receivedContent(request: SignedRequest, carried: Carried): string {
    try {
      return this.content ? this.content(new SignedMessage(request, carried)) : carriedAndBody(carried, request.body);
    } catch (cause) {
      if (cause instanceof WebhooksError) throw cause;
      throw new InvalidSignatureError('The text that was signed could not be made from this request.', { cause });
    }
  }

  private decoded(signatures: readonly string[]): Buffer[] {
    if (signatures.length <= MOST_SIGNATURES) {
      return signatures.map((text) => decode(text, this.encoding)).filter((bytes) => bytes !== undefined);
    }
    throw new InvalidSignatureError(
      `Expected "${this.carrier.header}" to have at most ${MOST_SIGNATURES} signatures, got ${signatures.length}.`,
    );
  }

  private mismatch(): InvalidSignatureError {
    return new InvalidSignatureError(
      `No signature in "${this.carrier.header}" matches. Check that the secret is the one of this subscription and ` +
        'that the body is verified as it was received, before anything parses it.',
    );
  }
}

/** What headers carry and the body, with dots between. */
function carriedAndBody({ id, timestamp }: Carried, body: string): string {
  const dated = timestamp === undefined ? body : `${timestamp.text}.${body}`;
  return id === undefined ? dated : `${id}.${dated}`;
}
