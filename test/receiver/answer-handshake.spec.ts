import { answerHandshake, InvalidSignatureError, standardWebhooks } from 'nestjs-webhooks/receiver';

const scheme = standardWebhooks();
const secrets = scheme.generateSecret();
const now = Date.parse('2025-01-01T00:00:00Z');

function signed(content: unknown, method = 'POST') {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const message = { id: 'msg_1', timestamp: now / 1_000, method, url: 'https://example.com/', body };
  return { method, body, headers: scheme.sign(message, [secrets]), secrets, now };
}

describe('A handshake that somebody asks for', () => {
  const challenge = { type: 'webhook.challenge', data: { challenge: 'abc' } };

  it('is answered with the challenge, once it is verified', () => {
    expect(answerHandshake(signed(challenge))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"challenge":"abc"}',
    });
    expect(() => answerHandshake({ ...signed(challenge), secrets: scheme.generateSecret() })).toThrow(
      InvalidSignatureError,
    );
  });

  it.each([
    [{ type: 'order.created', data: { challenge: 'abc' } }],
    [{ type: 'webhook.challenge', data: null }],
    [{ type: 'webhook.challenge' }],
    ['null'],
    ['[]'],
    [''],
  ])('is none where the webhook is %j', (content) => {
    expect(answerHandshake(signed(content))).toBeUndefined();
  });

  const asking = (origin: string | string[]) => ({
    method: 'OPTIONS',
    headers: { 'WebHook-Request-Origin': origin },
    body: '',
    secrets,
  });

  it('is granted to origins that are known, in any case, and to no others', () => {
    const answer = (origin: string | string[], origins?: string[]) => answerHandshake({ ...asking(origin), origins });
    expect(answer('Events.example.com', ['events.example.com'])).toEqual({
      status: 200,
      headers: { 'WebHook-Allowed-Origin': 'events.example.com', 'WebHook-Allowed-Rate': '*', allow: 'OPTIONS, POST' },
      body: '',
    });
    expect(answer('evil.example', ['events.example.com'])?.status).toBe(403);
    expect(answer(['events.example.com', 'evil.example'], ['events.example.com'])?.status).toBe(403);
    expect(answer('events.example.com')?.status).toBe(403);
  });

  it('says how many requests a minute may come', () => {
    const answer = answerHandshake({ ...asking('a.example'), origins: ['a.example'], rate: 60 });
    expect(answer?.headers).toMatchObject({ 'WebHook-Allowed-Rate': '60' });
  });

  it('is none where a browser asks OPTIONS for reasons of its own', () => {
    expect(answerHandshake({ method: 'OPTIONS', headers: {}, body: '', secrets })).toBeUndefined();
  });
});
