import {
  allOf,
  basic,
  echoedSecret,
  ed25519,
  encodedSecret,
  hmac,
  rsa,
  standardWebhooks,
  textSecret,
  timestamped,
  urlAndForm,
} from '../../lib/receiver';
import { schemeConformance } from './scheme.conformance';

const header = 'X-Signature';
const carried = { carriesId: true, carriesTime: true } as const;

schemeConformance('Standard Webhooks v1', {
  scheme: standardWebhooks(),
  coversBody: true,
  signsWithAll: true,
  ...carried,
});
schemeConformance('Standard Webhooks v1a', {
  scheme: standardWebhooks({ version: 'v1a', headerPrefix: 'svix' }),
  coversBody: true,
  signsWithAll: true,
  ...carried,
});
schemeConformance('An HMAC in hex', { scheme: hmac({ header }), coversBody: true });
schemeConformance('An HMAC in base64 with a prefix', {
  scheme: hmac({ header, algorithm: 'sha512', encoding: 'base64', prefix: 'sha512=', secret: encodedSecret('base64') }),
  coversBody: true,
});
schemeConformance('An HMAC with its time in another header', {
  scheme: hmac({ header, timestampHeader: 'X-Time', timestampFormat: 'milliseconds', encoding: 'base64url' }),
  coversBody: true,
  carriesTime: true,
});
schemeConformance('An HMAC over method, URL and body', {
  scheme: hmac({ header, content: ({ method, url, body }) => `${method} ${url}\n${body}` }),
  coversBody: true,
});
schemeConformance('A list of time and HMACs', {
  scheme: timestamped({ header }),
  coversBody: true,
  carriesTime: true,
  signsWithAll: true,
});
schemeConformance('A list with keys of its own', {
  scheme: timestamped({
    header,
    timestampKey: 'ts',
    signatureKey: 'h1',
    separator: ';',
    content: ({ timestamp, body }) => `${timestamp}:${body}`,
  }),
  coversBody: true,
  carriesTime: true,
  signsWithAll: true,
});
schemeConformance('An HMAC over URL and form', {
  scheme: urlAndForm({ header }),
  body: 'a=1&b=2',
  coversBody: true,
});
schemeConformance('An echoed secret', {
  scheme: echoedSecret({ header, prefix: 'Bearer ', secret: textSecret({ characters: 30 }) }),
  coversBody: false,
});
schemeConformance('A secret that is echoed twice', {
  scheme: echoedSecret({ header: ['HTTP_AUTH', 'Auth'] }),
  coversBody: false,
  sparesHeaders: true,
});
schemeConformance('Basic credentials', { scheme: basic(), coversBody: false });
schemeConformance('Basic credentials with one user', { scheme: basic({ user: 'Zoë' }), coversBody: false });
schemeConformance('RSA', { scheme: rsa({ header }), coversBody: true });
schemeConformance('RSA-PSS with its time in another header', {
  scheme: rsa({ header, padding: 'pss', algorithm: 'sha512', timestampHeader: 'X-Time', timestampFormat: 'iso' }),
  coversBody: true,
  carriesTime: true,
});
schemeConformance('ed25519 in hex', {
  scheme: ed25519({ header, encoding: 'hex', keys: 'hex', idHeader: 'X-Id', timestampHeader: 'X-Time' }),
  coversBody: true,
  ...carried,
});
schemeConformance('Two signatures at once', {
  scheme: allOf(
    hmac({ header: 'X-Hub-Signature', algorithm: 'sha1', prefix: 'sha1=' }),
    hmac({ header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
  ),
  coversBody: true,
});
