import { InvalidSignatureError } from '../../lib/receiver';
import { PUBLISHED, SIGNABLE, type PublishedVector } from './published-vectors';

const nowOf = ({ timestamp = 0 }: PublishedVector): number => timestamp * 1000;
const named = (vectors: readonly PublishedVector[]): [string, PublishedVector][] =>
  vectors.map((vector) => [`${vector.provider} (${vector.source})`, vector]);

describe('The published request of', () => {
  it.each(named(SIGNABLE))('%s is signed as its maker signed it', (_name, vector) => {
    const { scheme, secret, id = 'evt_1', timestamp = 0, url = 'https://example.com/', body } = vector;
    expect(scheme.sign({ id, timestamp, method: 'POST', url, body }, [secret])).toEqual(vector.headers);
  });

  it.each(named(PUBLISHED))('%s is accepted', (_name, vector) => {
    const { scheme, secret, publicKey = secret, id = null, timestamp = null } = vector;
    expect(scheme.verify(vector, [publicKey], { now: nowOf(vector) })).toEqual({ id, timestamp });
  });

  it.each(named(PUBLISHED))('%s is refused with another body', (_name, vector) => {
    const { scheme, secret, publicKey = secret, body } = vector;
    const other = { ...vector, body: `${body}&` + 'x=1' };
    expect(() => scheme.verify(other, [publicKey], { now: nowOf(vector) })).toThrow(InvalidSignatureError);
  });

  it.each(named(SIGNABLE.filter(({ publicKey }) => publicKey)))('%s has the published public key', (_name, vector) => {
    expect(vector.scheme.verificationKey(vector.secret)).toBe(vector.publicKey);
  });

  it.each(named(SIGNABLE))('%s has a secret that its scheme takes', (_name, { scheme, secret }) => {
    expect(() => scheme.assertSecret(secret)).not.toThrow();
  });
});
