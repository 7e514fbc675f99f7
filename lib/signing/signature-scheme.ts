/** What a signature covers: one attempt at one event. */
export interface MessageToSign {
  /** The event's id: the same on every attempt, and without a dot. */
  readonly id: string;
  /** When this attempt is made, in whole seconds since the epoch. */
  readonly timestamp: number;
  /** The exact text that is sent, never a second serialisation of it. */
  readonly body: string;
}

/** How an outgoing request proves who sent it; a contract brings its own. */
export abstract class SignatureScheme {
  /**
   * The headers to add to the request, signed with every secret that is valid now: more than one during a rotation.
   * @throws InvalidSecretError when a secret is not what the scheme needs, or when there is none
   */
  abstract sign(message: MessageToSign, secrets: readonly string[]): Record<string, string>;
}
