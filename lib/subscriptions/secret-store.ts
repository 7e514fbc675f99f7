/** How many subscriptions have their secrets encrypted with one key. */
export interface KeyUse {
  /** Null is in clear. */
  readonly keyId: string | null;
  readonly subscriptions: number;
  /** `first`: as they are written now; `known`: readable and to be encrypted anew; `unknown`: the key is missing. */
  readonly key: 'first' | 'known' | 'unknown';
}

/** Some subscriptions of those whose secrets are under one key. */
export interface Reencryption {
  /** How many were encrypted anew; others were changed meanwhile, or cannot be read. */
  readonly written: number;
  /** Those that cannot be read although their key is known: somebody has changed them. */
  readonly unreadable: readonly string[];
  /** The last one that was looked at; undefined when there was none. */
  readonly last: string | undefined;
}

/** How secrets lie in the database. */
export abstract class SecretStore {
  /** Whether new secrets are encrypted. */
  abstract readonly encrypts: boolean;
  abstract keyUses(): Promise<KeyUse[]>;
  /**
   * Encrypts some secrets with the first key that are under another, and changes nothing else of their subscriptions.
   * What somebody else writes meanwhile stays.
   * @param after the id of the one that was looked at last
   */
  abstract reencrypt(keyId: string | null, limit: number, after?: string): Promise<Reencryption>;
}
