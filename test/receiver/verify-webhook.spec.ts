import {
  echoedSecret,
  InvalidSecretError,
  InvalidSignatureError,
  standardWebhooks,
  timestamped,
  UnreadableWebhookError,
  urlAndForm,
  verifyWebhook,
} from 'nestjs-webhooks/receiver';
import { MESSAGE, NOW, sent } from '../signing/message';

const scheme = standardWebhooks();
const secret = scheme.generateSecret();
const now = NOW;

describe('A webhook that others sent', () => {
  it('is verified as Standard Webhooks says unless told otherwise, and read', () => {
    const { headers, body } = sent(scheme, [secret]);
    expect(verifyWebhook<{ id: number }>({ headers, body, secrets: secret, now })).toEqual({
      id: 'evt_1',
      timestamp: 1_700_000_000,
      payload: { id: 1 },
    });
  });

  it('is verified by any other scheme', () => {
    const stripe = timestamped({ header: 'Stripe-Signature' });
    const request = sent(stripe, ['secret']);
    expect(verifyWebhook({ ...request, scheme: stripe, secrets: ['next', 'secret'], now })).toEqual({
      id: null,
      timestamp: 1_700_000_000,
      payload: { id: 1 },
    });
  });

  it('may come as the headers and the bytes that fetch handlers have', async () => {
    const { headers, body } = sent(scheme, [secret]);
    const request = new Request(MESSAGE.url, { method: 'POST', headers: headers as Record<string, string>, body });
    const bytes = new Uint8Array(await request.arrayBuffer());
    expect(verifyWebhook({ headers: request.headers, body: bytes, secrets: secret, now }).payload).toEqual({ id: 1 });
  });

  it('may be a form', () => {
    const twilio = urlAndForm({ header: 'X-Twilio-Signature' });
    const request = sent(twilio, ['12345'], { body: 'From=%2B14158675309&__proto__=x' });
    const headers = { ...request.headers, 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const { payload } = verifyWebhook({ ...request, headers, scheme: twilio, secrets: '12345', now });
    expect(Object.entries(payload as object)).toEqual([
      ['From', '+14158675309'],
      ['__proto__', 'x'],
    ]);
  });

  it('may be empty', () => {
    const token = echoedSecret({ header: 'Auth' });
    const request = sent(token, ['secret'], { method: 'DELETE', body: '' });
    expect(verifyWebhook({ ...request, scheme: token, secrets: 'secret' }).payload).toBeUndefined();
  });

  it('is measured by the time of the system unless told otherwise', () => {
    const { headers, body } = sent(scheme, [secret], { timestamp: Math.floor(Date.now() / 1000) });
    expect(() => verifyWebhook({ headers, body, secrets: secret })).not.toThrow();
    const old = sent(scheme, [secret]);
    expect(() => verifyWebhook({ ...old, secrets: secret })).toThrow('seconds ago');
    expect(() => verifyWebhook({ ...old, secrets: secret, toleranceMs: Infinity })).not.toThrow();
  });

  it('is refused with 401 when somebody else sent it, before anything reads it', () => {
    const { headers } = sent(scheme, [secret]);
    const refused = expect.objectContaining({ code: 'WEBHOOKS_INVALID_SIGNATURE', status: 401 }) as Error;
    expect(() => verifyWebhook({ headers, body: 'not JSON', secrets: secret, now })).toThrow(refused);
  });

  it('is refused with 401 when the host lost its body', () => {
    const { headers } = sent(scheme, [secret]);
    const body = undefined as unknown as string;
    expect(() => verifyWebhook({ headers, body, secrets: secret, now })).toThrow(InvalidSignatureError);
    expect(() => verifyWebhook({ headers, body, secrets: secret, now })).toThrow('Keep the raw body');
  });

  it.each(['not JSON', '{', '\ufeff{}'])('is refused with 400 when it is genuine and unreadable: %p', (body) => {
    const request = sent(scheme, [secret], { body });
    expect(() => verifyWebhook({ ...request, secrets: secret, now })).toThrow(UnreadableWebhookError);
    expect(new UnreadableWebhookError('…')).toMatchObject({ code: 'WEBHOOKS_UNREADABLE_BODY', status: 400 });
  });

  it.each([[[]], [''], ['whsec_short']])('cannot be verified with the secrets %j', (secrets) => {
    expect(() => verifyWebhook({ ...sent(scheme, [secret]), secrets, now })).toThrow(InvalidSecretError);
  });
});
