import {
  appWide,
  basic,
  defineTopic,
  echoedSecret,
  ed25519,
  rsa,
  timestamped,
  urlAndForm,
  type SignatureScheme,
} from 'nestjs-webhooks';
import {
  defineContract,
  hostTopics,
  identifier,
  post,
  secret,
  standardErrors,
  topics,
  url,
  type DeliveryDescription,
} from 'nestjs-webhooks/contracts';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { describeContracts } from './contracts-host';

const Called = defineTopic('call.ended');
const FORM = 'application/x-www-form-urlencoded';

const paddle = timestamped({
  header: 'Paddle-Signature',
  timestampKey: 'ts',
  signatureKey: 'h1',
  separator: ';',
  content: ({ timestamp, body }) => `${timestamp}:${body}`,
});
const twilio = urlAndForm({ header: 'X-Twilio-Signature' });
const gitlab = echoedSecret({ header: 'X-Gitlab-Token' });
const wise = rsa({ header: 'X-Signature-SHA256' });
const discord = ed25519({
  header: 'X-Signature-Ed25519',
  timestampHeader: 'X-Signature-Timestamp',
  encoding: 'hex',
  keys: 'hex',
  content: ({ timestamp, body }) => timestamp + body,
});
const wiseKey = wise.generateSecret();
const discordKey = discord.generateSecret();

function signedBy(name: string, signature: SignatureScheme, delivery: Partial<DeliveryDescription> = {}) {
  return defineContract({
    name,
    path: name,
    operations: { create: post() },
    fields: {
      id: identifier(),
      url: url(),
      topics: topics(hostTopics, { default: ['*'] }),
      secret: secret({ from: 'either' }),
    },
    errors: standardErrors,
    delivery: { body: ({ payload }) => payload, signature, ...delivery },
  });
}

const contracts = [
  signedBy('paddle', paddle),
  signedBy('twilio', twilio, { contentType: FORM, body: ({ data }) => String(new URLSearchParams(data as never)) }),
  signedBy('gitlab', gitlab),
  signedBy('basic', basic()),
  signedBy('wise', appWide(wise, [wiseKey])),
  signedBy('discord', appWide(discord, [discordKey])),
];

describe('A contract whose requests are signed', () => {
  describeContracts({ contracts, topics: [Called] }, (host) => {
    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      host().receiver.clear();
    });

    it.each<[string, string, SignatureScheme, string | undefined, string]>([
      ['in a list such as ts=…;h1=…', 'paddle', paddle, undefined, 'paddle-signature'],
      ['over the URL and the sorted form', 'twilio', twilio, undefined, 'x-twilio-signature'],
      ['with the secret itself', 'gitlab', gitlab, undefined, 'x-gitlab-token'],
      ['with HTTP Basic', 'basic', basic(), undefined, 'authorization'],
      ['with RSA', 'wise', wise, wise.verificationKey(wiseKey), 'x-signature-sha256'],
      ['with ed25519', 'discord', discord, discord.verificationKey(discordKey), 'x-signature-ed25519'],
    ])('%s sends what its receiver can verify', async (_, path, scheme, publicKey, header) => {
      const called = host().receiver.url('/hook?account=1');
      const { status, body } = await host().call(`POST /${path}`, { url: called });
      expect(status).toBe(201);
      const secrets = publicKey ?? (body as { secret: string }).secret;
      await host().webhooks.publish(Called, { To: '+31 20', From: 'Ann & Bob' }, { tenant: 'acme' });
      await host().webhooks.idle();
      const [received] = host().receiver.requests;
      expect(received!.headers).toHaveProperty(header);
      const request = { headers: received!.headers, body: received!.body, url: called, method: 'POST' };
      const { payload } = verifyWebhook({ ...request, scheme, secrets, now: host().clock.now() });
      expect(payload).toEqual({ To: '+31 20', From: 'Ann & Bob' });
    });

    it('refuses a secret that its scheme cannot use', async () => {
      const refused = await host().call('POST /basic', { url: host().receiver.url(), secret: 'no colon' });
      expect([refused.status, refused.body]).toMatchObject([422, { errors: [{ field: 'secret' }] }]);
    });
  });
});
