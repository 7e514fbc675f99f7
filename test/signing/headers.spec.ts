import { hmac, InvalidSignatureError, timestamped, type HmacOptions } from '../../lib/receiver';
import { MESSAGE, NOW, sent } from './message';

const header = 'X-Signature';
const secrets = ['secret'];

describe('The time in a header', () => {
  const timed = (timestampFormat: HmacOptions['timestampFormat']) =>
    hmac({ header, timestampHeader: 'X-Time', timestampFormat });

  it.each([
    ['seconds', '1700000000'],
    ['milliseconds', '1700000000000'],
    ['iso', '2023-11-14T22:13:20Z'],
  ] as const)('is written in %s', (format, text) => {
    expect(timed(format).sign(MESSAGE, secrets)).toMatchObject({ 'X-Time': text });
  });

  it.each([
    ['seconds', '1700000000', 1_700_000_000],
    ['milliseconds', '1700000000999', 1_700_000_000],
    ['iso', '2023-11-14T22:13:20Z', 1_700_000_000],
    ['iso', '2023-11-14T22:13:20.999999Z', 1_700_000_000],
    ['iso', '2023-11-15T00:13:20+02:00', 1_700_000_000],
  ] as const)('is read in %s: %s', (format, text, seconds) => {
    const scheme = timed(format);
    const request = sent(hmac({ header }), secrets, { body: `${text}.{}` });
    const received = { headers: { ...request.headers, 'x-time': text }, body: '{}' };
    expect(scheme.verify(received, secrets, { now: NOW })).toEqual({ id: null, timestamp: seconds });
  });

  it.each([
    ['seconds', '1700000000.5', 'whole seconds'],
    ['seconds', ' 1700000000', 'whole seconds'],
    ['seconds', '-1', 'whole seconds'],
    ['seconds', '1e9', 'whole seconds'],
    ['seconds', '9'.repeat(16), 'whole seconds'],
    ['milliseconds', '0x10', 'whole milliseconds'],
    ['iso', '2023-11-14', 'ISO 8601'],
    ['iso', '2023-11-14T22:13:20', 'ISO 8601'],
    ['iso', '2023-99-14T22:13:20Z', 'ISO 8601'],
    ['iso', 'Tue, 14 Nov 2023 22:13:20 GMT', 'ISO 8601'],
  ] as const)('is refused in %s, even if it was signed: %p', (format, text, message) => {
    const request = sent(hmac({ header }), secrets, { body: `${text}.{}` });
    const received = { headers: { ...request.headers, 'x-time': text }, body: '{}' };
    expect(() => timed(format).verify(received, secrets, { now: NOW, toleranceMs: Infinity })).toThrow(message);
  });
});

describe('A list in a header', () => {
  const scheme = timestamped({ header });
  const list = scheme.sign(MESSAGE, secrets)[header]!;
  const signature = list.split('v1=')[1]!;
  const verify = (value: string) =>
    scheme.verify({ headers: { [header]: value }, body: MESSAGE.body }, secrets, { now: NOW });

  it('has the time and one signature for each secret', () => {
    expect(scheme.sign(MESSAGE, ['new', 'secret'])[header]).toMatch(
      new RegExp(`^t=1700000000,v1=[0-9a-f]{64},v1=${signature}$`),
    );
  });

  it.each([
    ['other entries', `v0=${'0'.repeat(64)},t=1700000000,x,=,v1=${signature},v1=zz`],
    ['spaces', ` t = 1700000000 , v1 = ${signature} `],
    ['hex in capitals', `t=1700000000,v1=${signature.toUpperCase()}`],
  ])('may have %s', (_what, value) => {
    expect(verify(value)).toEqual({ id: null, timestamp: 1_700_000_000 });
  });

  it.each([
    ['no time', `v1=${signature}`],
    ['two times', `t=1700000000,t=1700000000,v1=${signature}`],
  ])('is refused with %s', (_what, value) => {
    expect(() => verify(value)).toThrow('have one "t="');
  });

  it.each([
    ['no signature', 't=1700000000'],
    ['the signature under another key', `t=1700000000,v0=${signature}`],
    ['another separator', `t=1700000000,v0=1;v1=${signature}`],
  ])('is refused with %s', (_what, value) => {
    expect(() => verify(value)).toThrow(`No signature in "${header}" matches`);
  });

  it('is refused with more signatures than any rotation needs', () => {
    const many = (count: number) => ['t=1700000000', ...Array<string>(count).fill('v1=00')].join(',');
    expect(() => verify(`${many(31)},v1=${signature}`)).not.toThrow();
    expect(() => verify(`${many(32)},v1=${signature}`)).toThrow('at most 32 signatures, got 33');
  });
});

describe('The text that is signed', () => {
  it('is the body alone, or what the headers carry and the body with dots between', () => {
    const plain = (body: string) => hmac({ header }).sign({ ...MESSAGE, body }, secrets)[header];
    const of = (options: Partial<HmacOptions>) => hmac({ header, ...options }).sign(MESSAGE, secrets)[header];
    expect(of({ idHeader: 'X-Id' })).toBe(plain('evt_1.{"id":1}'));
    expect(of({ timestampHeader: 'X-Time' })).toBe(plain('1700000000.{"id":1}'));
    expect(of({ idHeader: 'X-Id', timestampHeader: 'X-Time' })).toBe(plain('evt_1.1700000000.{"id":1}'));
  });

  it('has the URL as the receiver sees it: normalised, and without its fragment', () => {
    const scheme = hmac({ header, content: ({ url }) => url });
    const signed = sent(scheme, secrets, { url: 'HTTPS://Example.COM:443?a=b c#top' });
    const received = { ...signed, url: 'https://example.com/?a=b%20c' };
    expect(() => scheme.verify(received, secrets, { now: NOW })).not.toThrow();
  });

  it('is refused, whatever its function throws over a request', () => {
    const scheme = hmac({ header, content: ({ body }) => (JSON.parse(body) as { id: string }).id });
    const request = sent(scheme, secrets, { body: '{"id":"1"}' });
    expect(() => scheme.verify(request, secrets, { now: NOW })).not.toThrow();
    expect(() => scheme.verify({ ...request, body: 'hostile' }, secrets, { now: NOW })).toThrow(InvalidSignatureError);
  });

  it.each([
    ['id', 'idHeader'],
    ['timestamp', 'timestampHeader'],
  ] as const)('cannot have the %s unless a header carries it', (part, option) => {
    const scheme = hmac({ header, content: (message) => message[part] });
    expect(() => scheme.sign(MESSAGE, secrets)).toThrow(option);
  });

  it.each(['method', 'url'] as const)('cannot have the %s unless the receiver hands it over', (part) => {
    const scheme = hmac({ header, content: (message) => message[part] });
    const { headers, body } = sent(scheme, secrets);
    expect(() => scheme.verify({ headers, body }, secrets, { now: NOW })).toThrow('Hand ');
  });
});
