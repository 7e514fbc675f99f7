import { createHash } from 'node:crypto';
import { InvalidSignatureError, urlAndForm } from '../../lib/receiver';
import { NOW, sent } from './message';

const scheme = urlAndForm({ header: 'X-Twilio-Signature' });
const secrets = ['12345'];
const hash = (body: string) => createHash('sha256').update(body).digest('hex');

describe('A signature over URL and form', () => {
  const verify = (request: ReturnType<typeof sent>) => scheme.verify(request, secrets, { now: NOW });

  it('does not care about the order or the encoding of the fields', () => {
    const request = sent(scheme, secrets, { body: 'b=2&a=1+1' });
    expect(() => verify({ ...request, body: 'a=1%201&b=2' })).not.toThrow();
  });

  it.each(['https://example.com/hook?x=1', 'https://example.com/', 'http://example.com/hook'])(
    'is refused for the URL %s',
    (url) => {
      expect(() => verify({ ...sent(scheme, secrets), url })).toThrow(InvalidSignatureError);
    },
  );

  it('is refused for a URL that is none', () => {
    expect(() => verify({ ...sent(scheme, secrets), url: '/hook' })).toThrow(InvalidSignatureError);
  });

  describe('when the URL has the hash of a body that is no form', () => {
    const body = '{"id":1}';
    const request = sent(scheme, secrets, { body, url: `https://example.com/hook?bodySHA256=${hash(body)}` });

    it('is accepted with that body', () => {
      expect(() => verify(request)).not.toThrow();
    });

    it.each(['', '{"id":2}', 'a=1'])('is refused with the body %p', (other) => {
      expect(() => verify({ ...request, body: other })).toThrow('"bodySHA256"');
    });

    it('is refused with the hash of another body', () => {
      const url = `https://example.com/hook?bodySHA256=${hash('{}')}`;
      expect(() => verify({ ...request, url, body: '{}' })).toThrow(InvalidSignatureError);
    });
  });
});
