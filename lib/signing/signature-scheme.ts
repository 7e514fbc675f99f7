import type { PublicKey } from './public-key';
import type { ReceivedRequest } from './received-request';

/** What a signature can cover: one attempt at one event. */
export interface MessageToSign {
  /** The event's id: the same on every attempt, and without a dot. */
  readonly id: string;
  /** When this attempt is made, in whole seconds since the epoch. */
  readonly timestamp: number;
  /** The verb of the request, such as `POST`. */
  readonly method: string;
  /** Where the request goes. */
  readonly url: string;
  /** The exact text that is sent, never a second serialisation of it. */
  readonly body: string;
}

/** How strict a verification is about time. */
export interface VerifyOptions {
  /** What time it is, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * How far the request's own time may be off, either way, in milliseconds; `Infinity` takes any. Schemes that carry no
   * time cannot tell a repetition from the original.
   * @default 300_000
   */
  readonly toleranceMs?: number;
}

/** What a scheme read from the request besides the body; null is what it does not carry. */
export interface VerifiedMessage {
  /** The event's id, the same each time the event is sent: use it to drop repetitions. */
  readonly id: string | null;
  /** When the attempt was made, in seconds since the epoch. */
  readonly timestamp: number | null;
}

/** How a request proves who sent it, seen from both ends; a contract brings its own. */
export abstract class SignatureScheme {
  /**
   * The headers to add to the request. Where the format holds several signatures there is one for every secret, newest
   * first; elsewhere the first secret signs.
   * @throws InvalidSecretError when a secret is not what the scheme needs, or when there is none
   */
  abstract sign(message: MessageToSign, secrets: readonly string[]): Record<string, string>;

  /**
   * Accepts a request that was signed with any of the secrets. A scheme with key pairs takes public keys here.
   * @throws InvalidSignatureError whatever is wrong with the request
   * @throws InvalidSecretError when a secret is not what the scheme needs, or when there is none
   */
  abstract verify(received: ReceivedRequest, secrets: readonly string[], options: VerifyOptions): VerifiedMessage;

  /** A new random secret. */
  abstract generateSecret(): string;

  /** @throws InvalidSecretError when the text cannot be a secret of this scheme; the error never contains it */
  abstract assertSecret(secret: string): void;

  /** Whether receivers verify with a public key; then a secret is nobody's business but the sender's. */
  readonly hasKeyPairs: boolean = false;

  /** Whether the secret itself goes over the wire. */
  readonly sendsSecret: boolean = false;

  /** The public halves of these secrets, in their order; none where there are no key pairs. */
  publicKeys(secrets: readonly string[]): PublicKey[] {
    return secrets.flatMap(() => []);
  }

  /** What to give to those who verify: the secret itself, or the public key that belongs to it. */
  verificationKey(secret: string): string {
    return this.publicKeys([secret])[0]?.text ?? secret;
  }
}
