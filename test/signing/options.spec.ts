import {
  allOf,
  appWide,
  basic,
  echoedSecret,
  ed25519,
  hmac,
  InvalidSecretError,
  rsa,
  standardWebhooks,
  textSecret,
  timestamped,
  WebhooksConfigurationError,
} from '../../lib/receiver';
import { MESSAGE } from './message';

const header = 'X-Signature';
const wrong = (value: string): never => value as never;

describe('A scheme is refused at once when', () => {
  it.each([
    ['its header is none', () => hmac({ header: '' }), 'header'],
    ['its header has a space', () => timestamped({ header: 'X Signature' }), '"X Signature"'],
    ['its header would begin another', () => echoedSecret({ header: ['Auth', 'X\r\nY'] }), 'header'],
    ['its id has no header', () => hmac({ header, idHeader: ':' }), 'idHeader'],
    ['its time has no header', () => rsa({ header, timestampHeader: 'é' }), 'timestampHeader'],
    ['its hash is unknown', () => hmac({ header, algorithm: wrong('md5') }), '"sha1", "sha256", "sha384", "sha512"'],
    ['its encoding is unknown', () => timestamped({ header, encoding: wrong('utf8') }), 'encoding'],
    ['its times are unknown', () => hmac({ header, timestampFormat: wrong('days') }), '"seconds"'],
    ['its padding is unknown', () => rsa({ header, padding: wrong('none') }), '"pkcs1", "pss"'],
    ['its keys are unknown', () => ed25519({ header, keys: wrong('pem') }), '"standard"'],
    ['its version is unknown', () => standardWebhooks({ version: wrong('v2') }), '"v1", "v1a"'],
    ['its user has a colon', () => basic({ user: 'a:b' }), 'colon'],
    ['its secrets are short', () => textSecret({ characters: 15 }), 'from 16, got 15'],
  ])('%s', (_reason, make, told) => {
    expect(make).toThrow(WebhooksConfigurationError);
    expect(make).toThrow(told);
  });

  it('the secrets of the application are not what it needs', () => {
    expect(() => appWide(standardWebhooks(), [])).toThrow(InvalidSecretError);
    expect(() => appWide(standardWebhooks(), ['whsec_short'])).toThrow(InvalidSecretError);
  });
});

it('Schemes on one request cannot share a header', () => {
  const both = allOf(hmac({ header }), hmac({ header: 'x-signature', algorithm: 'sha1' }));
  expect(() => both.sign(MESSAGE, ['secret'])).toThrow('"x-signature" twice');
});
