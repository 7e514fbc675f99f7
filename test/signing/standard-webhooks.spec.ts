import { generateSecret, InvalidSecretError } from '../../lib/signing/secret';
import { InvalidSignatureError } from '../../lib/signing/invalid-signature.error';
import type { ReceivedRequest } from '../../lib/signing/received-request';
import type { MessageToSign } from '../../lib/signing/signature-scheme';
import { standardWebhooks } from '../../lib/signing/standard-webhooks.scheme';

/** From the tests of the Standard Webhooks JavaScript library. */
const PUBLISHED = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  message: {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    method: 'POST',
    url: 'https://example.com/hook',
    body: '{"test": 2432232314}',
  },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const { secret, message } = PUBLISHED;
const NOW_MS = message.timestamp * 1000;

const scheme = standardWebhooks();

function received(over: Partial<MessageToSign> = {}, secrets = [secret]): ReceivedRequest {
  const sent = { ...message, ...over };
  return { headers: scheme.sign(sent, secrets), body: sent.body };
}

describe('signing as Standard Webhooks says', () => {
  it('gives the published signature for the published message', () => {
    expect(scheme.sign(message, [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': PUBLISHED.signature,
    });
  });

  it('gives one signature per secret during a rotation, in the order of the secrets', () => {
    const next = generateSecret();
    const [ofNext] = signaturesOf([next]);
    expect(signaturesOf([next, secret])).toEqual([ofNext, PUBLISHED.signature]);
  });

  it('refuses to send a request unsigned when there is no secret', () => {
    expect(() => scheme.sign(message, [])).toThrow(InvalidSecretError);
  });

  it('refuses a malformed secret even when another one is fine', () => {
    expect(() => scheme.sign(message, [secret, 'whsec_short'])).toThrow(InvalidSecretError);
  });

  function signaturesOf(secrets: string[]): string[] {
    return scheme.sign(message, secrets)['webhook-signature']!.split(' ');
  }
});

describe('verifying as Standard Webhooks says', () => {
  it('accepts the published message and says its id and time', () => {
    const { id, timestamp } = message;
    expect(scheme.verify(received(), [secret], { now: NOW_MS })).toEqual({ id, timestamp });
  });

  it.each(['', '{"name":"Zoë 🦊 日本語"}', '\u0000', '"\ud800"', 'x'.repeat(100_000)])(
    'accepts the body %p',
    (body) => {
      expect(() => scheme.verify(received({ body }), [secret], { now: NOW_MS })).not.toThrow();
    },
  );

  it('accepts the body as the bytes that arrived', () => {
    const { headers, body } = received({ body: '{"name":"Zoë 🦊"}' });
    const bytes = Buffer.from(body);
    expect(() => scheme.verify({ headers, body: bytes }, [secret], { now: NOW_MS })).not.toThrow();
  });

  it('accepts header names in any case', () => {
    const { headers, body } = received();
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(() => scheme.verify({ headers: shouted, body }, [secret], { now: NOW_MS })).not.toThrow();
  });

  it('accepts either secret while the sender rotates', () => {
    const next = generateSecret();
    const request = received({}, [next, secret]);
    expect(() => scheme.verify(request, [secret], { now: NOW_MS })).not.toThrow();
    expect(() => scheme.verify(request, [next], { now: NOW_MS })).not.toThrow();
  });

  it('accepts the old secret while the receiver rotates', () => {
    expect(() => scheme.verify(received(), [generateSecret(), secret], { now: NOW_MS })).not.toThrow();
  });

  it('passes over signatures of other versions', () => {
    const others = `v1a,hnO3f9T8Ytu9HwrXslvumlUp ${PUBLISHED.signature} v2,AAAA nonsense`;
    expect(() => scheme.verify(withHeader('webhook-signature', others), [secret], { now: NOW_MS })).not.toThrow();
  });

  it.each([
    ['another body', { ...received(), body: '{"test": 2432232315}' }],
    ['another serialisation of the body', { ...received(), body: '{"test":2432232314}' }],
    ['another id', withHeader('webhook-id', 'msg_other')],
    ['another time', withHeader('webhook-timestamp', '1614265331')],
    ['a signature made with another secret', received({}, [generateSecret()])],
    ['the signature under another version', withHeader('webhook-signature', PUBLISHED.signature.replace('v1', 'v2'))],
    ['the signature without its version', withHeader('webhook-signature', PUBLISHED.signature.slice(3))],
    ['the beginning of the signature', withHeader('webhook-signature', PUBLISHED.signature.slice(0, -1))],
    ['the signature and more', withHeader('webhook-signature', `${PUBLISHED.signature}=`)],
    ['a signature of no bytes', withHeader('webhook-signature', 'v1,')],
  ])('refuses %s', (_what, request) => {
    expect(() => scheme.verify(request, [secret], { now: NOW_MS })).toThrow('No signature in "webhook-signature"');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('refuses a request without one "%s"', (name) => {
    const expected = `one header "${name}"`;
    expect(() => scheme.verify(withHeader(name, undefined), [secret], { now: NOW_MS })).toThrow(expected);
    expect(() => scheme.verify(withHeader(name, ''), [secret], { now: NOW_MS })).toThrow(expected);
    expect(() => scheme.verify(withHeader(name, ['a', 'b']), [secret], { now: NOW_MS })).toThrow(expected);
  });

  it.each(['yesterday', '1614265330.5', '1614265330 ', '-1', '0x60379272', '1e9'])(
    'refuses the time %p, even if it was signed',
    (timestamp) => {
      const request = received({ timestamp: timestamp as unknown as number });
      expect(() => scheme.verify(request, [secret], { now: NOW_MS })).toThrow('whole seconds');
    },
  );

  it('refuses a request without any header', () => {
    expect(() => scheme.verify({ headers: {}, body: '' }, [secret], { now: NOW_MS })).toThrow(InvalidSignatureError);
  });

  it('accepts a time five minutes off, either way', () => {
    expect(() => scheme.verify(received(), [secret], { now: NOW_MS + 300_999 })).not.toThrow();
    expect(() => scheme.verify(received(), [secret], { now: NOW_MS - 300_000 })).not.toThrow();
  });

  it('refuses a time more than five minutes off, either way', () => {
    expect(() => scheme.verify(received(), [secret], { now: NOW_MS + 301_000 })).toThrow('301 seconds ago');
    expect(() => scheme.verify(received(), [secret], { now: NOW_MS - 301_000 })).toThrow('301 seconds ahead');
  });

  it('refuses every request when now is not a number', () => {
    expect(() => scheme.verify(received(), [secret], { now: NaN })).toThrow(InvalidSignatureError);
  });

  it('refuses every request when there is no secret', () => {
    expect(() => scheme.verify(received(), [], { now: NOW_MS })).toThrow(InvalidSecretError);
  });

  it('refuses with a stable code and the status of a request that proves nothing', () => {
    const error = new InvalidSignatureError('…');
    expect(error).toMatchObject({ name: 'InvalidSignatureError', code: 'WEBHOOKS_INVALID_SIGNATURE', status: 401 });
  });
});

function withHeader(name: string, value: string | string[] | undefined): ReceivedRequest {
  const { headers, body } = received();
  return { headers: { ...headers, [name]: value }, body };
}
