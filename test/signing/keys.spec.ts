import { generateKeyPairSync } from 'node:crypto';
import {
  ed25519,
  encodedSecret,
  hmac,
  InvalidSecretError,
  rsa,
  standardWebhooks,
  textSecret,
  type SignatureScheme,
} from '../../lib/receiver';
import { MESSAGE, NOW, sent } from './message';
import { certificate, privateKey } from './rsa.certificate';

const header = 'X-Signature';
const v1a = standardWebhooks({ version: 'v1a' });

describe('A generated secret', () => {
  it.each([
    ['Standard Webhooks v1', standardWebhooks(), /^whsec_[\w+/]{43}=$/],
    ['Standard Webhooks v1a', v1a, /^whsk_[\w+/]{86}==$/],
    ['an HMAC', hmac({ header }), /^[0-9a-f]{64}$/],
    ['30 characters', hmac({ header, secret: textSecret({ characters: 30 }) }), /^[0-9a-f]{30}$/],
    ['an odd number of characters', hmac({ header, secret: textSecret({ characters: 31 }) }), /^[0-9a-f]{31}$/],
    ['a key in base64', hmac({ header, secret: encodedSecret('base64', { bytes: 24 }) }), /^[\w+/]{32}$/],
    ['ed25519 in hex', ed25519({ header, keys: 'hex' }), /^[0-9a-f]{128}$/],
    ['RSA', rsa({ header }), /^-----BEGIN PRIVATE KEY-----\n[\s\S]+-----END PRIVATE KEY-----\n$/],
  ])('for %s looks as it should', (_what, scheme, pattern) => {
    expect(scheme.generateSecret()).toMatch(pattern);
  });
});

describe('The key that receivers get', () => {
  it.each([
    ['Standard Webhooks v1a', v1a, /^whpk_[\w+/]{43}=$/],
    ['ed25519 in base64', ed25519({ header, keys: 'base64' }), /^[\w+/]{43}=$/],
    ['RSA', rsa({ header }), /^-----BEGIN PUBLIC KEY-----\n/],
  ])('is the public one for %s: it verifies and cannot sign', (_what, scheme, pattern) => {
    const secret = scheme.generateSecret();
    const publicKey = scheme.verificationKey(secret);
    expect(publicKey).toMatch(pattern);
    expect(scheme.verificationKey(publicKey)).toBe(publicKey);
    expect(() => scheme.verify(sent(scheme, [secret]), [publicKey], { now: NOW })).not.toThrow();
    expect(() => scheme.sign(MESSAGE, [publicKey])).toThrow(InvalidSecretError);
    expect(() => scheme.assertSecret(publicKey)).toThrow(InvalidSecretError);
  });

  it('is the secret itself where both ends share it', () => {
    expect(hmac({ header }).verificationKey('secret')).toBe('secret');
  });

  it('may be a certificate for RSA', () => {
    const scheme = rsa({ header });
    const request = sent(scheme, [privateKey]);
    expect(() => scheme.verify(request, [certificate], { now: NOW })).not.toThrow();
  });
});

describe('A secret is refused, and not told, when', () => {
  const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
    key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const halves = [v1a, v1a].map((scheme) => Buffer.from(scheme.generateSecret().slice(5), 'base64'));
  const mixed = Buffer.concat([halves[0]!.subarray(0, 32), halves[1]!.subarray(32)]);

  it.each<[string, SignatureScheme, string]>([
    ['it should be ed25519 and is symmetric', v1a, standardWebhooks().generateSecret()],
    ['it should be symmetric and is ed25519', standardWebhooks(), v1a.generateSecret()],
    ['it is a seed without its public key', v1a, `whsk_${halves[0]!.subarray(0, 32).toString('base64')}`],
    ['its halves are of two keys', v1a, `whsk_${mixed.toString('base64')}`],
    ['it has no prefix', v1a, v1a.generateSecret().slice(5)],
    ['it is not hex', ed25519({ header, keys: 'hex' }), 'z'.repeat(128)],
    ['it is not PEM', rsa({ header }), 'A secret that is no key'],
    ['it is PEM of another kind', rsa({ header }), pem(generateKeyPairSync('ed25519').privateKey)],
    ['it is too weak', rsa({ header }), pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['it is not the hex that it should be', hmac({ header, secret: encodedSecret('hex') }), 'not hex at all'],
    ['it is half of a byte of hex', hmac({ header, secret: encodedSecret('hex') }), 'abc123d'],
  ])('%s', (_reason, scheme, secret) => {
    const error = refusal(() => scheme.assertSecret(secret));
    expect(error).toBeInstanceOf(InvalidSecretError);
    expect(error.stack).not.toContain(secret.trim().slice(-25));
    expect(error.cause).toBeUndefined();
  });
});

function refusal(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('The secret was accepted.');
}
