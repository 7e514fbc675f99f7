import type { SecretCipher } from '../encryption/secret-cipher';
import type { Statement } from '../shared/statement';
import { SecretStore, type KeyUse, type Reencryption } from '../subscriptions/secret-store';
import type { Database } from './database';
import { integer, type DatabaseInteger } from './rows';

interface StoredSecret {
  readonly id: string;
  readonly secrets: string;
}

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
    const sql = `SELECT secret_key, COUNT(*) AS total FROM ${this.table} GROUP BY secret_key`;
    const rows = await this.database.read<{ secret_key: string | null; total: DatabaseInteger }>({ sql, params: [] });
    return rows.map(({ secret_key: keyId, total }) => ({
      keyId,
      subscriptions: integer(total),
      key: keyId === this.cipher.keyId ? 'first' : this.cipher.knows(keyId) ? 'known' : 'unknown',
    }));
  }

  async reencrypt(keyId: string | null, limit: number, after?: string): Promise<Reencryption> {
    const rows = await this.database.read<StoredSecret>(this.selection(keyId, limit, after));
    const unreadable: string[] = [];
    let written = 0;
    // One row at a time: a transaction over several could meet those of the engine in another order.
    for (const row of rows) {
      const renewal = this.renewalOf(row);
      if (!renewal) unreadable.push(row.id);
      else written += (await this.database.commit(renewal))[0]!;
    }
    return { written, unreadable, last: rows.at(-1)?.id };
  }

  /** One key's in order, along the index. */
  private selection(keyId: string | null, limit: number, after = ''): Statement {
    const [condition, params] = keyId === null ? ['secret_key IS NULL', []] : ['secret_key = ?', [keyId]];
    const part = `ORDER BY id LIMIT ${Math.trunc(limit)}`;
    return {
      sql: `SELECT id, secrets FROM ${this.table} WHERE ${condition} AND id > ? ${part}`,
      params: [...params, after],
    };
  }

  /** Only while the old text is still there; and no change of the subscription, so neither its time nor the revision. */
  private renewalOf({ id, secrets }: StoredSecret): Statement | undefined {
    const plain = this.opened(id, secrets);
    if (plain === undefined) return undefined;
    const { text, keyId } = this.cipher.seal(plain, id);
    const sql = `UPDATE ${this.table} SET secrets = ?, secret_key = ? WHERE id = ? AND secrets = ?`;
    return { sql, params: [text, keyId, id, secrets] };
  }

  private opened(id: string, secrets: string): string | undefined {
    try {
      return this.cipher.open(secrets, id);
    } catch {
      return undefined;
    }
  }

  private get table(): string {
    return this.database.table('subscription');
  }
}
