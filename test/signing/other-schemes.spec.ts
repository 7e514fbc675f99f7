import crypto from 'node:crypto';
import {
  appWide,
  basic,
  echoedSecret,
  hmac,
  InvalidSecretError,
  InvalidSignatureError,
  standardWebhooks,
  timestamped,
  unsigned,
  type SignatureScheme,
} from '../../lib/receiver';
import { MESSAGE, NOW, sent } from './message';

const now = { now: NOW };
const v1a = standardWebhooks({ version: 'v1a' });

describe('An unsigned request', () => {
  it('has no header more', () => {
    expect(unsigned().sign(MESSAGE, [])).toEqual({});
  });

  it('is refused, because nothing proves who sent it', () => {
    expect(() => unsigned().verify({ headers: {}, body: '' }, ['secret'], now)).toThrow(InvalidSignatureError);
  });

  it('belongs to a subscription that may have any secret', () => {
    expect(unsigned().generateSecret()).toMatch(/^[0-9a-f]{64}$/);
    expect(() => unsigned().assertSecret('any')).not.toThrow();
  });
});

describe('A scheme with secrets of the application', () => {
  const [current, former] = [v1a.generateSecret(), v1a.generateSecret()];
  const scheme = appWide(v1a, [current, former]);

  it('signs with these, whatever secret the subscription has', () => {
    const request = sent(scheme, ['of the subscription']);
    for (const secret of [current, former]) {
      expect(() => v1a.verify(request, [v1a.verificationKey(secret)], now)).not.toThrow();
    }
    expect(() => scheme.verify(request, [], now)).not.toThrow();
  });

  it('refuses what others signed', () => {
    const request = sent(v1a, [v1a.generateSecret()]);
    expect(() => scheme.verify(request, [], now)).toThrow(InvalidSignatureError);
  });

  it('tells the public key, and has subscriptions keep secrets of any kind', () => {
    expect(scheme.verificationKey(current)).toBe(v1a.verificationKey(current));
    expect(() => scheme.assertSecret(scheme.generateSecret())).not.toThrow();
  });
});

describe('Standard Webhooks', () => {
  it('can have headers of another name', () => {
    const scheme = standardWebhooks({ headerPrefix: 'svix' });
    const names = Object.keys(scheme.sign(MESSAGE, [scheme.generateSecret()]));
    expect(names).toEqual(['svix-id', 'svix-timestamp', 'svix-signature']);
  });

  it('passes over signatures of the other version, each in its turn', () => {
    const [v1, secret, key] = [standardWebhooks(), standardWebhooks().generateSecret(), v1a.generateSecret()];
    const [ofV1, ofV1a] = [v1.sign(MESSAGE, [secret]), v1a.sign(MESSAGE, [key])];
    const both = `${ofV1a['webhook-signature']} ${ofV1['webhook-signature']}`;
    const request = { headers: { ...ofV1, 'webhook-signature': both }, body: MESSAGE.body };
    expect(() => v1.verify(request, [secret], now)).not.toThrow();
    expect(() => v1a.verify(request, [v1a.verificationKey(key)], now)).not.toThrow();
  });

  it('refuses a malformed secret even when another one fits', () => {
    expect(() => v1a.sign(MESSAGE, [v1a.generateSecret(), 'whsk_short'])).toThrow(InvalidSecretError);
  });
});

describe('What is secret is compared in constant time', () => {
  const hex = '0'.repeat(64);
  it.each<[string, SignatureScheme, Record<string, string>]>([
    ['an HMAC', hmac({ header: 'X-Signature' }), { 'x-signature': hex }],
    ['a list', timestamped({ header: 'X-Signature' }), { 'x-signature': `t=1700000000,v1=${hex}` }],
    ['an echoed secret', echoedSecret({ header: 'Auth' }), { auth: 'guess' }],
    ['a secret that is echoed with another length', echoedSecret({ header: 'Auth' }), { auth: 'g'.repeat(999) }],
    ['credentials', basic({ user: 'me' }), { authorization: 'Basic Z3Vlc3M=' }],
    ['what is no credentials', basic({ user: 'me' }), { authorization: 'nonsense' }],
  ])('%s', (_what, scheme, headers) => {
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    expect(() => scheme.verify({ headers, body: '' }, ['one', 'two'], now)).toThrow(InvalidSignatureError);
    expect(compare.mock.calls.map((both) => both.map(({ byteLength }) => byteLength))).toEqual([
      [32, 32],
      [32, 32],
    ]);
  });
});
