import { basic, echoedSecret, InvalidSecretError, InvalidSignatureError } from '../../lib/receiver';
import { MESSAGE, NOW } from './message';

const now = { now: NOW };

describe('A secret that is echoed', () => {
  const scheme = echoedSecret({ header: ['HTTP_AUTH', 'Auth'] });
  const verify = (headers: Record<string, string>) => scheme.verify({ headers, body: '' }, ['secret'], now);

  it('stands in every header', () => {
    expect(scheme.sign(MESSAGE, ['secret'])).toEqual({ HTTP_AUTH: 'secret', Auth: 'secret' });
  });

  it('is enough in one of them, since proxies drop names with underscores', () => {
    expect(verify({ auth: 'secret' })).toEqual({ id: null, timestamp: null });
    expect(verify({ http_auth: 'secret' })).toEqual({ id: null, timestamp: null });
  });

  it('is refused when another header contradicts', () => {
    expect(() => verify({ http_auth: 'secret', auth: 'other' })).toThrow('"HTTP_AUTH" or "Auth"');
  });

  it.each(['two words', 'line\r\nX-Injected: 1', 'é', '\0'])('cannot be %p: a header could not hold it', (secret) => {
    expect(() => scheme.sign(MESSAGE, [secret])).toThrow(InvalidSecretError);
    expect(() => scheme.assertSecret(secret)).toThrow('visible ASCII');
  });
});

describe('Basic credentials', () => {
  it.each([
    ['Aladdin:open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['test:123£', 'Basic dGVzdDoxMjPCow=='],
  ])('are those of the examples in RFC 7617: %s', (secret, authorization) => {
    expect(basic().sign(MESSAGE, [secret])).toEqual({ Authorization: authorization });
    expect(() => basic().verify({ headers: { authorization }, body: '' }, [secret], now)).not.toThrow();
  });

  it('have the user that all share before the password', () => {
    expect(basic({ user: 'Aladdin' }).sign(MESSAGE, ['open sesame'])).toEqual(
      basic().sign(MESSAGE, ['Aladdin:open sesame']),
    );
  });

  it('have their scheme in any case', () => {
    const headers = { authorization: 'bAsIc  QWxhZGRpbjpvcGVuIHNlc2FtZQ==' };
    expect(() => basic().verify({ headers, body: '' }, ['Aladdin:open sesame'], now)).not.toThrow();
  });

  it.each(['Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'Basic Aladdin:open sesame'])(
    'are refused as %p',
    (authorization) => {
      const request = { headers: { authorization }, body: '' };
      expect(() => basic().verify(request, ['Aladdin:open sesame'], now)).toThrow(InvalidSignatureError);
    },
  );

  it('may have colons in the password', () => {
    const headers = basic().sign(MESSAGE, ['user:a:b']);
    expect(() => basic().verify({ headers, body: '' }, ['user:a:b'], now)).not.toThrow();
  });

  it.each(['no-colon', 'user:', 'user:line\nbreak'])('cannot be %p', (secret) => {
    expect(() => basic().assertSecret(secret)).toThrow(InvalidSecretError);
  });

  it('are generated as a user and a password, or as a password where the user is known', () => {
    expect(basic().generateSecret()).toMatch(/^webhooks:[0-9a-f]{64}$/);
    expect(basic({ user: 'me' }).generateSecret()).toMatch(/^[0-9a-f]{64}$/);
  });
});
