import { urlFrom } from '../../lib/shared/url';

describe('A text that may be a URL', () => {
  it('is parsed alike however often it is asked for', () => {
    const hosts = Array.from({ length: 100_000 }, () => urlFrom('https://bücher.example/')?.hostname);
    expect(new Set(hosts)).toEqual(new Set(['xn--bcher-kva.example']));
  });

  it.each(['', 'example.com', '//example.com', 'https://', 'https://a b/'])('is none when it is %j', (text) => {
    expect(urlFrom(text)).toBeUndefined();
  });
});
