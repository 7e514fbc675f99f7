import { basic, echoedSecret, hmac, type SignatureScheme } from 'nestjs-webhooks';
import type { DeliveryProfile } from '../../lib/deliveries/delivery-profile';
import { withoutConfidential } from '../../lib/deliveries/confidential';
import { signedRequest } from '../../lib/deliveries/signed-request';
import { Secrets } from '../../lib/subscriptions/secrets';
import type { Subscription } from '../../lib/subscriptions/subscription';
import type { Answer } from '../../lib/transport/transport';

const composition = { method: 'POST', url: 'https://example.com', headers: {}, body: '' };

/** What is kept of an answer in which the endpoint says something of the secret that it was sent. */
function kept(scheme: SignatureScheme, secret: string, said: string, truncated = false): string {
  const profile = { signatureFor: () => scheme, timeoutMs: 1 } as unknown as DeliveryProfile;
  const subscription = { secrets: Secrets.of(secret) } as Subscription;
  const { confidential } = signedRequest(composition, { profile, subscription, id: 'evt_1', now: 0 });
  const answer = { kind: 'response', status: 401, headers: {}, body: said, truncated, durationMs: 1 } as Answer;
  return (withoutConfidential(answer, confidential) as typeof answer & { body: string }).body;
}

describe('An endpoint that sends back the secret that it was sent', () => {
  const token = 'f00dfeedcafe0123456789abcdef01';
  const bearer = echoedSecret({ header: 'Authorization', prefix: 'Bearer ' });

  it.each([
    ['as it came', `authorization: Bearer ${token}`, 'authorization: [secret]'],
    ['without the word before it', `no such token: ${token}!`, 'no such token: [secret]!'],
    ['several times', `${token},${token}`, '[secret],[secret]'],
  ])('has it taken out %s', (_, said, expected) => {
    expect(kept(bearer, token, said)).toBe(expected);
  });

  it('has it taken out where something stands before it without a space', () => {
    const scheme = echoedSecret({ header: 'Authorization', prefix: 'token=' });
    expect(kept(scheme, token, `no such token: ${token}`)).toBe('no such token: [secret]');
  });

  it('has Basic credentials taken out that it has decoded', () => {
    const said = 'no password "correct horse" for webhooks, of webhooks:correct horse';
    const expected = 'no password "[secret]" for webhooks, of [secret]';
    expect(kept(basic(), 'webhooks:correct horse', said)).toBe(expected);
    expect(kept(basic({ user: 'webhooks' }), 'correct horse', said)).toBe(expected);
  });

  it('has it taken out as JSON and as URLs write it', () => {
    const secret = 'a/b"c\\d+e/f?g';
    const inJson = JSON.stringify({ secret });
    const scheme = echoedSecret({ header: 'X-Token' });
    expect(kept(scheme, secret, inJson)).toBe('{"secret":"[secret]"}');
    expect(kept(scheme, secret, inJson.replaceAll('/', '\\/'))).toBe('{"secret":"[secret]"}');
    expect(kept(scheme, secret, `?token=${encodeURIComponent(secret)}`)).toBe('?token=[secret]');
  });

  it('has the most of it taken out, too, where the limit of what is kept has cut it off', () => {
    expect(kept(bearer, token, `you sent ${token.slice(0, -1)}`, true)).toBe('you sent [secret]');
    expect(kept(bearer, token, `you sent Bearer ${token.slice(0, 8)}`, true)).toBe('you sent [secret]');
    expect(kept(bearer, token, 'you sent nothing', true)).toBe('you sent nothing');
    expect(kept(bearer, token, `an honest word: ${token.slice(0, -1)}`)).toBe(`an honest word: ${token.slice(0, -1)}`);
  });

  it('and one that got a signature is told to the letter', () => {
    expect(kept(hmac({ header: 'X-Signature' }), token, `no ${token}`)).toBe(`no ${token}`);
  });
});
