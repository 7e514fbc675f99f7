import type { SecretCipher } from '../encryption/secret-cipher';
import type { Statement } from '../shared/statement';
import { SecretStore, type KeyUse, type Reencryption } from '../subscriptions/secret-store';
import type { Database } from './database';
import { integer, type DatabaseInteger } from './rows';
import { credentialsOwner, IN_CLEAR } from './subscription-rows';

interface StoredSecrets {
  readonly id: string;
  readonly secrets: string;
  readonly secret_key: string | null;
  readonly credentials: string | null;
  readonly credentials_key: string | null;
}

/** A text of a row that is encrypted. */
interface SealedText {
  readonly text: string;
  readonly owner: string;
  readonly column: 'secrets' | 'credentials';
  readonly keyColumn: 'secret_key' | 'credentials_key';
}

type UseRow = Readonly<Record<'sealed_with', string | null> & Record<'total', DatabaseInteger>>;

export class SqlSecretStore extends SecretStore {
  constructor(
    private readonly database: Database,
    private readonly cipher: SecretCipher,
  ) {
    super();
  }

  get encrypts(): boolean {
    return this.cipher.keyId !== null;
  }

  async keyUses(): Promise<KeyUse[]> {
    const totals = new Map<string | null, number>();
    for (const { sealed_with: keyId, total } of await this.usesOfKeys())
      totals.set(
        keyId === IN_CLEAR ? null : keyId,
        integer(total) + (totals.get(keyId === IN_CLEAR ? null : keyId) ?? 0),
      );
    return [...totals].map(([keyId, subscriptions]) => ({
      keyId,
      subscriptions,
      key: keyId === this.cipher.keyId ? 'first' : this.cipher.knows(keyId) ? 'known' : 'unknown',
    }));
  }

  async reencrypt(keyId: string | null, limit: number, after?: string): Promise<Reencryption> {
    const rows = await this.rowsUnder(keyId, limit, after);
    const unreadable: string[] = [];
    let written = 0;
    // One row at a time: a transaction over several could meet those of the engine in another order.
    for (const row of rows) {
      const renewals = textsUnder(keyId, row).map((sealed) => this.renewalOf(row.id, sealed));
      if (renewals.includes(undefined)) unreadable.push(row.id);
      const possible = renewals.filter((each) => each !== undefined);
      if (possible.length > 0 && (await this.database.commit(...possible)).some((count) => count > 0)) written++;
    }
    return { written, unreadable, last: rows.at(-1)?.id };
  }

  /** Subscriptions by the key of their secrets, and those that have only their credentials under one. */
  private async usesOfKeys(): Promise<UseRow[]> {
    const ofSecrets = `SELECT secret_key AS sealed_with, COUNT(*) AS total FROM ${this.table} GROUP BY secret_key`;
    const ofCredentials =
      `SELECT credentials_key AS sealed_with, COUNT(*) AS total FROM ${this.table} WHERE credentials_key IS NOT NULL ` +
      `AND credentials_key <> COALESCE(secret_key, '${IN_CLEAR}') GROUP BY credentials_key`;
    const uses = [ofSecrets, ofCredentials].map((sql) => this.database.read<UseRow>({ sql, params: [] }));
    return (await Promise.all(uses)).flat();
  }

  /** In the order of their ids, along the two indexes. */
  private async rowsUnder(keyId: string | null, limit: number, after = ''): Promise<StoredSecrets[]> {
    const ofSecrets =
      keyId === null ? { sql: 'secret_key IS NULL', params: [] } : { sql: 'secret_key = ?', params: [keyId] };
    const ofCredentials = { sql: 'credentials_key = ?', params: [keyId ?? IN_CLEAR] };
    const found = new Map<string, StoredSecrets>();
    for (const { sql, params } of [ofSecrets, ofCredentials]) {
      const columns = 'id, secrets, secret_key, credentials, credentials_key';
      const part = `ORDER BY id LIMIT ${Math.trunc(limit)}`;
      const selection = `SELECT ${columns} FROM ${this.table} WHERE ${sql} AND id > ? ${part}`;
      const rows = await this.database.read<StoredSecrets>({ sql: selection, params: [...params, after] });
      rows.forEach((row) => found.set(row.id, row));
    }
    return [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
  }

  /** Only while the old text is still there; and no change of the subscription, so neither its time nor the revision. */
  private renewalOf(id: string, { text: before, owner, column, keyColumn }: SealedText): Statement | undefined {
    const plain = this.opened(owner, before);
    if (plain === undefined) return undefined;
    const { text, keyId } = this.cipher.seal(plain, owner);
    const sql = `UPDATE ${this.table} SET ${column} = ?, ${keyColumn} = ? WHERE id = ? AND ${column} = ?`;
    return { sql, params: [text, keyId, id, before] };
  }

  private opened(owner: string, text: string): string | undefined {
    try {
      return this.cipher.open(text, owner);
    } catch {
      return undefined;
    }
  }

  private get table(): string {
    return this.database.table('subscription');
  }
}

/** What of a row is under a key, or in clear. */
function textsUnder(key: string | null, row: StoredSecrets): SealedText[] {
  const { id, secrets, secret_key: secretKey, credentials, credentials_key: credentialsKey } = row;
  const ofSecrets = { text: secrets, owner: id, column: 'secrets', keyColumn: 'secret_key' } as const;
  const place = { column: 'credentials', keyColumn: 'credentials_key' } as const;
  return [
    ...(secretKey === key ? [ofSecrets] : []),
    ...(credentials !== null && credentialsKey === (key ?? IN_CLEAR)
      ? [{ text: credentials, owner: credentialsOwner(id), ...place }]
      : []),
  ];
}
