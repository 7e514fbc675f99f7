import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import type { EncryptionKey } from './encryption-key';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9+/]+={0,2})$/;

/** A text as it is stored. */
export interface Sealed {
  readonly text: string;
  /** Which key it is encrypted with; null is in clear. */
  readonly keyId: string | null;
}

/**
 * Encrypts what is stored: AES-256-GCM with the first key; every key decrypts. Stored is
 * `v1.<id of the key>.<base64 of IV, ciphertext and tag>`. Without keys all stays in clear.
 */
export class SecretCipher {
  private readonly first: EncryptionKey | undefined;
  private readonly byId: ReadonlyMap<string, EncryptionKey>;

  constructor(keys: readonly EncryptionKey[] = []) {
    this.first = keys[0];
    this.byId = new Map(keys.map((key) => [key.id, key]));
  }

  /** The id of the key that encrypts; null where nothing is encrypted. */
  get keyId(): string | null {
    return this.first?.id ?? null;
  }

  /** Whether what is stored under a key, or in clear, can be read. */
  knows(keyId: string | null): boolean {
    return keyId === null || this.byId.has(keyId);
  }

  /** @param owner what the text belongs to; it can be opened for nothing else */
  seal(plain: string, owner: string): Sealed {
    if (!this.first) return { text: plain, keyId: null };
    const { id, bytes } = this.first;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, bytes, iv, { authTagLength: TAG_BYTES }).setAAD(boundTo(owner, id));
    const parts = [iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return { text: `v1.${id}.${Buffer.concat(parts).toString('base64')}`, keyId: id };
  }

  /**
   * What was sealed, or stored in clear before there were keys.
   * @throws UnreadableSecretError when its key is not in the list, or it was changed, or belongs to something else
   */
  open(text: string, owner: string): string {
    if (!text.startsWith('v1.')) return text;
    const [, keyId = '', encoded = ''] = SEALED.exec(text) ?? [];
    const key = this.byId.get(keyId);
    if (keyId !== '' && !key) throw withoutKey(keyId);
    try {
      return decrypted(Buffer.from(encoded, 'base64'), key!, owner);
    } catch {
      throw new UnreadableSecretError(
        `The secret of ${owner} was changed in the database, or belongs to another subscription. Give it a new one.`,
      );
    }
  }
}

function decrypted(sealed: Buffer, { id, bytes }: EncryptionKey, owner: string): string {
  const [iv, tag] = [sealed.subarray(0, IV_BYTES), sealed.subarray(-TAG_BYTES)];
  const decipher = createDecipheriv(ALGORITHM, bytes, iv, { authTagLength: TAG_BYTES }).setAAD(boundTo(owner, id));
  decipher.setAuthTag(tag);
  return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

function boundTo(owner: string, keyId: string): Buffer {
  return Buffer.from(`nestjs-webhooks v1 ${keyId} ${owner}`);
}

function withoutKey(keyId: string): UnreadableSecretError {
  return new UnreadableSecretError(
    `Secrets that are encrypted with the key ${keyId} cannot be read, because it is not in encryptionKeys. ` +
      'Put it back at the end of the list.',
  );
}
