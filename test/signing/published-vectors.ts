import {
  ed25519,
  encodedSecret,
  hmac,
  rsa,
  standardWebhooks,
  timestamped,
  urlAndForm,
  type SignatureScheme,
} from '../../lib/receiver';

/** A signature that somebody else made and published, or that OpenSSL made by a published recipe. */
export interface PublishedVector {
  readonly provider: string;
  readonly source: string;
  readonly scheme: SignatureScheme;
  readonly secret: string;
  /** What verifies, where it is not the secret. */
  readonly publicKey?: string;
  readonly id?: string;
  /** In seconds since the epoch. */
  readonly timestamp?: number;
  readonly url?: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STANDARD = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
const TWILIO = {
  scheme: urlAndForm({ header: 'X-Twilio-Signature' }),
  secret: '12345',
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  body: 'Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
};
const RFC_8032 = ed25519({ header: 'Signature', encoding: 'hex', keys: 'hex' });

const SLACK_BODY = [
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar',
  'user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=',
  'response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN',
  'trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
].join('&');

const EWAREHOUSING_BODY =
  '{"body":{"id":"f9cc7e9c-7ac2-45df-b4a3-1a19321c144d","ean":"123","sku":"12345","modified_at":"2022-02-11T17:45:01+0000",' +
  '"article_code":"green_jacket","stock_salable":973,"stock_physical":1000,"stock_available":973,"stock_quarantine":0},' +
  '"group":"stock","action":"updated","entity":"variant","customer":"be62c27e-2aac-4ac1-902e-f770d64f8dce",' +
  '"entityId":"f9cc7e9c-7ac2-45df-b4a3-1a19321c144d"}';

const WISE_BODY =
  '{"data":{"resource":{"id":49983981,"profile_id":16055450,"account_id":14124090,"type":"transfer"},' +
  '"current_state":"incoming_payment_waiting","previous_state":null,"occurred_at":"2021-08-23T10:12:50Z"},' +
  '"subscription_id":"90aa8e14-4ef1-4a56-861c-f3c9cde097ea","event_type":"transfers#state-change",' +
  '"schema_version":"2.0.0","sent_at":"2021-08-23T10:12:50Z"}';

const WISE_PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwpb91cEYuyJNQepZAVfP
ZIlPZfNUefH+n6w9SW3fykqKu938cR7WadQv87oF2VuT+fDt7kqeRziTmPSUhqPU
ys/V2Q1rlfJuXbE+Gga37t7zwd0egQ+KyOEHQOpcTwKmtZ81ieGHynAQzsn1We3j
wt760MsCPJ7GMT141ByQM+yW1Bx+4SG3IGjXWyqOWrcXsxAvIXkpUD/jK/L958Cg
nZEgz0BSEh0QxYLITnW1lLokSx/dTianWPFEhMC9BgijempgNXHNfcVirg1lPSyg
z7KqoKUN0oHqWLr2U1A+7kqrl6O2nx3CKs1bj1hToT1+p4kcMoHXA7kA+VBLUpEs
VwIDAQAB
-----END PUBLIC KEY-----
`;

/** Those whose secret is published too, so that we can be seen to sign them as their makers do. */
export const SIGNABLE: readonly PublishedVector[] = [
  {
    provider: 'Standard Webhooks v1',
    source: 'tests of the Standard Webhooks library for JavaScript',
    scheme: standardWebhooks(),
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ...STANDARD,
    headers: {
      'webhook-id': STANDARD.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
  },
  {
    provider: 'Standard Webhooks v1a',
    source: 'tests of the Svix server',
    scheme: standardWebhooks({ version: 'v1a' }),
    secret: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
    publicKey: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
    ...STANDARD,
    headers: {
      'webhook-id': STANDARD.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    },
  },
  {
    provider: 'GitHub',
    source: 'docs.github.com, Validating webhook deliveries',
    scheme: hmac({ header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
    secret: "It's a Secret to Everybody",
    body: 'Hello, World!',
    headers: { 'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
  },
  {
    provider: 'Sendcloud',
    source: 'sendcloud.dev, Webhooks',
    scheme: hmac({ header: 'Sendcloud-Signature' }),
    secret: 'secretkey',
    body: '{"key": "value"}',
    headers: { 'Sendcloud-Signature': '1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a' },
  },
  {
    provider: 'Slack',
    source: 'docs.slack.dev, Verifying requests from Slack',
    scheme: hmac({
      header: 'X-Slack-Signature',
      timestampHeader: 'X-Slack-Request-Timestamp',
      prefix: 'v0=',
      content: ({ timestamp, body }) => `v0:${timestamp}:${body}`,
    }),
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    timestamp: 1531420618,
    body: SLACK_BODY,
    headers: {
      'X-Slack-Request-Timestamp': '1531420618',
      'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
  },
  {
    provider: 'Adyen',
    source: 'tests of the Adyen library for Ruby; the key is hex, and the text is what they make of the fields',
    scheme: hmac({ header: 'HmacSignature', encoding: 'base64', secret: encodedSecret('hex') }),
    secret: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    body: '7914073381342284::TestMerchant:TestPayment-1407325143704:1130:EUR:AUTHORISATION:true',
    headers: { HmacSignature: 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=' },
  },
  {
    provider: 'eWarehousing',
    source: 'made with OpenSSL by the documented recipe',
    scheme: hmac({ header: 'X-Hmac-SHA256', encoding: 'base64' }),
    secret: 'ABC12345',
    body: EWAREHOUSING_BODY,
    headers: { 'X-Hmac-SHA256': 'eJxOClg804JLOnXXWRubLNyt3tu6a2S7ZQ7KBdaSKsA=' },
  },
  {
    provider: 'Stripe',
    source: 'made with OpenSSL by the documented recipe',
    scheme: timestamped({ header: 'Stripe-Signature' }),
    secret: 'whsec_test_secret',
    timestamp: 1492774577,
    body: '{"id":"evt_1"}',
    headers: { 'Stripe-Signature': 't=1492774577,v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f' },
  },
  {
    provider: 'Paddle',
    source: 'made with OpenSSL by the documented recipe',
    scheme: timestamped({
      header: 'Paddle-Signature',
      timestampKey: 'ts',
      signatureKey: 'h1',
      separator: ';',
      content: ({ timestamp, body }) => `${timestamp}:${body}`,
    }),
    secret: 'pdl_ntfset_test',
    timestamp: 1671552777,
    body: '{"event_id":"evt_1"}',
    headers: {
      'Paddle-Signature': 'ts=1671552777;h1=9a62cc502557c2fe7a0d0a6a9d5bd0ae459e6c77d367478d8e845c6450c71b9d',
    },
  },
  {
    provider: 'Square',
    source: 'made with OpenSSL by the documented recipe',
    scheme: hmac({
      header: 'x-square-hmacsha256-signature',
      encoding: 'base64',
      content: ({ url, body }) => url + body,
    }),
    secret: 'signature-key',
    url: 'https://example.com/webhook',
    body: '{"merchant_id":"M1"}',
    headers: { 'x-square-hmacsha256-signature': '4SfDcJNhNW1wDi7q0p7KJAa0tM3yCVL8Oyywly6kRpM=' },
  },
  {
    provider: 'Twilio, a form',
    source: 'tests of the Twilio libraries',
    ...TWILIO,
    headers: { 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
  },
  {
    provider: 'Twilio, a field that is repeated',
    source: 'tests of the Twilio library for PHP',
    ...TWILIO,
    body: 'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234',
    headers: { 'X-Twilio-Signature': 'IK+Dwps556ElfBT0I3Rgjkr1wJU=' },
  },
  {
    provider: 'Twilio, JSON',
    source: 'tests of the Twilio library for PHP',
    ...TWILIO,
    url: `${TWILIO.url}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`,
    body: '{"property": "value", "boolean": true}',
    headers: { 'X-Twilio-Signature': 'a9nBmqA0ju/hNViExpshrM61xv4=' },
  },
  {
    provider: 'ed25519, an empty body',
    source: 'RFC 8032, section 7.1, test 1',
    scheme: RFC_8032,
    secret:
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60' +
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    body: '',
    headers: {
      Signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
  },
  {
    provider: 'ed25519, a body of one byte',
    source: 'RFC 8032, section 7.1, test 2',
    scheme: RFC_8032,
    secret:
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb' +
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    body: 'r',
    headers: {
      Signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
  },
];

/** All of them; of the others, only the public key is known. */
export const PUBLISHED: readonly PublishedVector[] = [
  ...SIGNABLE,
  {
    provider: 'Wise',
    source: 'github.com/transferwise/digital-signatures-examples, with the sandbox key',
    scheme: rsa({ header: 'X-Signature-SHA256' }),
    secret: WISE_PUBLIC_KEY,
    body: WISE_BODY,
    headers: {
      'X-Signature-SHA256':
        'wKcKCYXAzxNgiu7xmoDm943NUni7Rz33QN8JkEA9dWSGebgndonabgSj18Y4C08OrwVmueGsED2s00M7DtJVcYKOS1i3G4TMVx+mgM3aL9djMBkQ' +
        'tiYNBFUd6wrPI7ZUNHv/TrlKSjTMc+6JFvUvJ7owY3z85e3I4jLRLJowMFvO8kvCJ60+1pY9wDwZvtZ//WS93LrwGjk9Dvwzpmu0w+P4J75tETT5' +
        'qC3Uv0y5G2yO8SEoO3yNP/tg/BOli02niHb53vEOUWUb9bly6thnfMoXoiV/osoGxgF20R58RlvkAmezyyl1Sv542TfS2DpiwVnmjjjkCyXeSUcK' +
        'ookYLQ==',
    },
  },
];
