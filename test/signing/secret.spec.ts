import { randomBytes } from 'node:crypto';

import { generateSecret, InvalidSecretError, secretKey } from '../../lib/signing/secret';

const whsec = (bytes: Buffer): string => `whsec_${bytes.toString('base64')}`;

describe('a generated secret', () => {
  it('is "whsec_" and the base64 of 32 bytes', () => {
    expect(generateSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secretKey(generateSecret())).toHaveLength(32);
  });

  it('is never the same twice', () => {
    const secrets = Array.from({ length: 100 }, generateSecret);
    expect(new Set(secrets).size).toBe(100);
  });
});

describe('an imported secret', () => {
  it.each([24, 25, 26, 32, 63, 64])('decodes to its %d bytes', (length) => {
    const bytes = randomBytes(length);
    expect(secretKey(whsec(bytes))).toEqual(bytes);
  });

  it.each([0, 1, 23, 65, 1000])('is refused when it holds %d bytes', (length) => {
    expect(() => secretKey(whsec(randomBytes(length)))).toThrow(`got ${length} bytes`);
  });

  it.each([
    ['it has no prefix', randomBytes(32).toString('base64')],
    ['it is empty', ''],
    ['its prefix is in capitals', whsec(randomBytes(32)).replace('whsec_', 'WHSEC_')],
    ['it is an asymmetric key', `whsk_${randomBytes(64).toString('base64')}`],
  ])('is refused when %s', (_reason, secret) => {
    expect(() => secretKey(secret)).toThrow('got a text without that prefix');
  });

  it.each([
    ['the padding is missing', 'whsec_' + 'A'.repeat(43)],
    ['there is too much padding', 'whsec_' + 'A'.repeat(43) + '=='],
    ['it is base64url', 'whsec_' + '-_'.repeat(16)],
    ['it holds a space', 'whsec_' + 'A'.repeat(31) + ' '],
    ['a line break follows', 'whsec_' + 'A'.repeat(32) + '\n'],
  ])('is refused when %s', (_reason, secret) => {
    expect(() => secretKey(secret)).toThrow('padded base64');
  });

  it('is refused with a stable code and a status that says the caller is at fault', () => {
    const error = refusal('whsec_short');
    expect(error).toBeInstanceOf(InvalidSecretError);
    expect(error).toMatchObject({ name: 'InvalidSecretError', code: 'WEBHOOKS_INVALID_SECRET', status: 422 });
  });

  it.each(['hunter2hunter2', 'whsec_hunter2hunter2', 'whsec_hunter2!'])('never appears in the error: %s', (secret) => {
    const { message, stack } = refusal(secret);
    expect(message).not.toContain('hunter2');
    expect(stack).not.toContain('hunter2');
  });
});

function refusal(secret: string): InvalidSecretError {
  try {
    secretKey(secret);
  } catch (error) {
    return error as InvalidSecretError;
  }
  throw new Error('The secret was accepted.');
}
