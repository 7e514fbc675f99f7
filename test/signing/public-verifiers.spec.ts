import { randomBytes } from 'node:crypto';

import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

import { generateSecret } from '../../lib/signing/secret';
import { standardWebhooks } from '../../lib/signing/standard-webhooks.scheme';

const BODIES = [
  { plain: 'text' },
  { name: 'Zoë 🦊 日本語' },
  { escaped: '"\\\u2028\n' },
  [],
  { long: 'é'.repeat(50_000) },
];
const SECRETS = {
  'a generated secret': generateSecret(),
  'an imported secret of 24 bytes': `whsec_${randomBytes(24).toString('base64')}`,
  'an imported secret of 64 bytes': `whsec_${randomBytes(64).toString('base64')}`,
};

const scheme = standardWebhooks();

describe.each([
  ['standardwebhooks', StandardWebhook],
  ['svix', SvixWebhook],
])('the public package %s', (_name, Webhook) => {
  describe.each(Object.entries(SECRETS))('with %s', (_kind, secret) => {
    it.each(BODIES)('accepts what we sign: %#', (payload) => {
      const body = JSON.stringify(payload);
      expect(new Webhook(secret).verify(body, signed(body, [secret]))).toEqual(payload);
    });

    it.each(BODIES)('signs what we accept: %#', (payload) => {
      const body = JSON.stringify(payload);
      const now = new Date();
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign('msg_1', now, body),
      };
      expect(() => scheme.verify({ headers, body }, [secret], { now: now.getTime() })).not.toThrow();
    });
  });

  it('accepts with the old and with the new secret what we sign during a rotation', () => {
    const [old, next] = [generateSecret(), generateSecret()];
    const headers = signed('{}', [next, old]);
    expect(new Webhook(old).verify('{}', headers)).toEqual({});
    expect(new Webhook(next).verify('{}', headers)).toEqual({});
  });

  it('refuses what we sign with another secret', () => {
    const headers = signed('{}', [generateSecret()]);
    expect(() => new Webhook(generateSecret()).verify('{}', headers)).toThrow('No matching signature found');
  });
});

// The public packages read the real clock, so these messages are signed now.
function signed(body: string, secrets: string[]): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000);
  return scheme.sign({ id: 'evt_1', timestamp, method: 'POST', url: 'https://example.com/', body }, secrets);
}
