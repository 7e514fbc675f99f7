import { createDecipheriv } from 'node:crypto';
import { inspect } from 'node:util';
import { EncryptionKey } from '../../lib/encryption/encryption-key';
import { SecretCipher } from '../../lib/encryption/secret-cipher';
import { UnreadableSecretError } from '../../lib/shared/unreadable-secret.error';
import { aKey, idOfKey } from '../support/encryption-keys';

const PLAIN = '[{"secret":"whsec_Zoë 🦊","endsAt":null}]';
const cipherOf = (...numbers: number[]) =>
  new SecretCipher(numbers.map((number) => EncryptionKey.parse(aKey(number), 'a key')));

describe('What is sealed', () => {
  const cipher = cipherOf(1, 2);

  it('is AES-256-GCM under the first key, bound to its owner, and names the key', () => {
    const { text, keyId } = cipher.seal(PLAIN, 'sub_1');
    const [version, id, encoded] = text.split('.');
    expect([version, id, keyId]).toEqual(['v1', idOfKey(aKey(1)), idOfKey(aKey(1))]);
    const bytes = Buffer.from(encoded!, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(aKey(1), 'base64'), bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(`nestjs-webhooks v1 ${id} sub_1`)).setAuthTag(bytes.subarray(-16));
    expect(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString()).toBe(PLAIN);
  });

  it('is another text each time, so that equal secrets do not look equal', () => {
    const texts = Array.from({ length: 50 }, () => cipher.seal(PLAIN, 'sub_1').text);
    expect(new Set(texts).size).toBe(50);
  });

  it('is opened by whoever has its key, wherever in the list', () => {
    const { text } = cipherOf(1).seal(PLAIN, 'sub_1');
    for (const each of [cipherOf(1), cipherOf(1, 2), cipherOf(2, 1), cipherOf(3, 2, 1)]) {
      expect(each.open(text, 'sub_1')).toBe(PLAIN);
    }
  });

  it('is opened for its owner only', () => {
    const { text } = cipher.seal(PLAIN, 'sub_1');
    expect(() => cipher.open(text, 'sub_2')).toThrow('belongs to another subscription');
  });

  it('is not opened once any of its bits is another, or the key it names', () => {
    const { text } = cipher.seal(PLAIN, 'sub_1');
    const [version, id, encoded] = text.split('.');
    const bytes = Buffer.from(encoded!, 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      expect(() => cipher.open(`${version}.${id}.${changed.toString('base64')}`, 'sub_1')).toThrow(
        UnreadableSecretError,
      );
    }
    expect(() => cipher.open(`v1.${idOfKey(aKey(2))}.${encoded}`, 'sub_1')).toThrow(UnreadableSecretError);
  });

  it.each(['v1.', 'v1..', 'v1.x.y', `v1.${idOfKey(aKey(1))}.`, `v1.${idOfKey(aKey(1))}.AAAA`])(
    'is not "%s"',
    (text) => {
      expect(() => cipher.open(text, 'sub_1')).toThrow(UnreadableSecretError);
    },
  );

  it('says which key is missing, and what to do', () => {
    const { text } = cipherOf(3).seal(PLAIN, 'sub_1');
    expect(() => cipher.open(text, 'sub_1')).toThrow(
      `the key ${idOfKey(aKey(3))} cannot be read, because it is not in encryptionKeys. Put it back`,
    );
  });

  it('is in clear without keys, and what is in clear is read with keys too', () => {
    expect(cipherOf().seal(PLAIN, 'sub_1')).toEqual({ text: PLAIN, keyId: null });
    expect(cipher.open(PLAIN, 'sub_1')).toBe(PLAIN);
  });
});

describe('A key', () => {
  const wrong = [undefined, null, 5, '', 'secret passphrase', aKey(7).slice(1), `${aKey(7)}=`, 'x'.repeat(64)];

  it.each(wrong)('is refused when it is %p, with the command that makes one and without showing it', (given) => {
    const parse = () => EncryptionKey.parse(given, 'encryptionKeys[0]');
    expect(parse).toThrow(/^Expected encryptionKeys\[0\] .*openssl rand -base64 32$/);
    if (typeof given === 'string' && given !== '') expect(parse).not.toThrow(given);
  });

  it('shows itself to no log', () => {
    const key = EncryptionKey.parse(aKey(7), 'a key');
    const shown =
      inspect({ key, cipher: new SecretCipher([key]) }, { depth: 9, showHidden: true }) + JSON.stringify(key);
    expect(shown).not.toContain(aKey(7));
    expect(shown).not.toContain('07 07 07');
  });
});
