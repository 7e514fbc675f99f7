import { inspect } from 'node:util';

/** A user name and a password (RFC 7617). */
export interface BasicCredential {
  readonly type: 'basic';
  readonly username: string;
  readonly password: string;
}

/** A token that does not change by itself (RFC 6750). */
export interface BearerCredential {
  readonly type: 'bearer';
  readonly token: string;
}

/** Tokens that a server hands out to clients that it knows (RFC 6749, section 4.4). */
export interface OAuth2Credential {
  readonly type: 'oauth2';
  /** Where tokens are asked for. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the tokens are to be good for, as the server wants it. @default it is not said */
  readonly scope?: string;
  /** Whom the tokens are for, where the server asks. @default it is not said */
  readonly audience?: string;
  /** How the client says who it is: HTTP Basic, or fields of the body. @default 'basic' */
  readonly authentication?: 'basic' | 'body';
}

/** A certificate that TLS connections show (RFC 8446, section 4.4.2). */
export interface CertificateCredential {
  readonly type: 'certificate';
  /** PEM; certificates that lead to an authority may follow it. */
  readonly certificate: string;
  /** PEM, without a passphrase: it is encrypted in the database like every secret. */
  readonly key: string;
}

/** How requests say who we are, beside their signature. */
export type Credential = BasicCredential | BearerCredential | OAuth2Credential | CertificateCredential;

/** What requests carry because their subscription's owner says so. */
export interface CredentialContents {
  readonly credential: Credential | null;
  /** Headers by name; what they hold may be secret. */
  readonly headers: Readonly<Record<string, string>>;
}

const SHOWN = '[credentials]';
const NOTHING: CredentialContents = { credential: null, headers: {} };

/**
 * What the endpoint of a subscription wants to see of us. It shows itself in no log and no JSON, and is decrypted only when
 * somebody asks for it.
 */
export class Credentials {
  static readonly none = new Credentials(() => NOTHING, true);
  #open: () => CredentialContents;

  private constructor(
    open: () => CredentialContents,
    /** Whether there are none: known without decrypting anything. */
    readonly isNone: boolean,
  ) {
    this.#open = open;
  }

  static of({ credential = null, headers = {} }: Partial<CredentialContents>): Credentials {
    const isNone = credential === null && Object.keys(headers).length === 0;
    return isNone ? Credentials.none : new Credentials(() => ({ credential, headers }), false);
  }

  /** @param open gives them when they are first needed; may throw, and is then asked again */
  static from(open: () => CredentialContents): Credentials {
    return new Credentials(open, false);
  }

  /** @throws UnreadableSecretError */
  all(): CredentialContents {
    const opened = this.#open();
    this.#open = () => opened;
    return opened;
  }

  toJSON(): string {
    return SHOWN;
  }

  toString(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
