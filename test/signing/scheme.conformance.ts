import {
  InvalidSecretError,
  InvalidSignatureError,
  type ReceivedRequest,
  type SignatureScheme,
} from '../../lib/receiver';

/** What distinguishes a scheme from others of the family. */
export interface SchemeTraits {
  readonly scheme: SignatureScheme;
  /** The body that is signed. @default a JSON text */
  readonly body?: string;
  readonly coversBody: boolean;
  readonly carriesId?: boolean;
  readonly carriesTime?: boolean;
  /** Whether there is a signature for every secret, or only one for the first. */
  readonly signsWithAll?: boolean;
  /** Whether any one of its headers is enough. */
  readonly sparesHeaders?: boolean;
}

const NOW_SECONDS = 1_700_000_000;
const NOW = NOW_SECONDS * 1000;
const MESSAGE = {
  id: 'evt_1',
  timestamp: NOW_SECONDS,
  method: 'POST',
  url: 'https://example.com/hook?a=1',
};
const BODIES = ['', '{"name":"Zoë 🦊 日本語"}', '\u0000', '\ufeffx', '"\ud800"', 'a=1&b=%20+2', 'x'.repeat(100_000)];
const HOSTILE = [
  ...[
    null,
    5,
    NaN,
    true,
    {},
    [null],
    ['a', 'b'],
    [['a']],
    '',
    ' ',
    '\0',
    'é',
    '💥',
    '\ud800',
    '=',
    ',',
    ';',
    '='.repeat(64),
  ],
  ...[
    'v1',
    'v1,',
    'v1,=',
    'v1a,AAAA',
    't=',
    't=1,t=2,v1=',
    't=x,v1=y',
    'Basic',
    'Basic ',
    'Basic é',
    'sha256=',
    '__proto__',
  ],
  ...[
    'x'.repeat(1_000_000),
    'v1, '.repeat(50_000),
    'v1=,'.repeat(50_000),
    `t=${NOW_SECONDS},${'v1=00,'.repeat(5000)}`,
    '9'.repeat(400),
  ],
];
const HOSTILE_BODIES = [undefined, null, 5, {}, [], Buffer.from([0xff, 0xfe, 0x00]), { type: 'Buffer', data: [1] }];

/** What every scheme promises, whatever its headers look like. */
export function schemeConformance(name: string, traits: SchemeTraits): void {
  const {
    scheme,
    body = '{"id":1,"total":"9.90"}',
    coversBody,
    carriesId,
    carriesTime,
    signsWithAll,
    sparesHeaders,
  } = traits;
  const url = MESSAGE.url;
  const [secret, another] = [scheme.generateSecret(), scheme.generateSecret()];

  const signed = (secrets = [secret], text = body): ReceivedRequest & { headers: Record<string, string> } => ({
    headers: scheme.sign({ ...MESSAGE, body: text }, secrets),
    body: text,
    method: MESSAGE.method,
    url,
  });
  const verify = (request: ReceivedRequest, secrets = [secret], options = {}) =>
    scheme.verify(request, secrets, { now: NOW, ...options });
  const withHeader = (header: string, value: unknown): ReceivedRequest => {
    const request = signed();
    return { ...request, headers: { ...request.headers, [header]: value as string } };
  };
  const headers = Object.keys(signed().headers);

  describe(`${name} as a signature scheme`, () => {
    it('accepts what it signed, and tells what the headers carry', () => {
      expect(verify(signed())).toEqual({ id: carriesId ? 'evt_1' : null, timestamp: carriesTime ? NOW_SECONDS : null });
    });

    it('verifies with what is given to those who verify', () => {
      expect(() => verify(signed(), [scheme.verificationKey(secret)])).not.toThrow();
    });

    it.each(BODIES)('accepts the body %#, as text and as bytes', (text) => {
      const request = signed([secret], text);
      expect(() => verify(request)).not.toThrow();
      expect(() => verify({ ...request, body: Buffer.from(text) })).not.toThrow();
    });

    it('accepts names of headers in any case, and headers as pairs', () => {
      const request = signed();
      const pairs = Object.entries(request.headers).map(([header, value]) => [header.toUpperCase(), value] as const);
      for (const other of [Object.fromEntries(pairs), pairs, new Map(pairs), new Headers(request.headers)]) {
        expect(() => verify({ ...request, headers: other })).not.toThrow();
      }
    });

    it('accepts a header that came once, in an array', () => {
      for (const header of headers) {
        expect(() => verify(withHeader(header, [signed().headers[header]]))).not.toThrow();
      }
    });

    it('refuses another secret', () => {
      expect(() => verify(signed(), [another])).toThrow(InvalidSignatureError);
    });

    if (coversBody) {
      it('refuses another body', () => {
        const request = signed();
        expect(() => verify({ ...request, body: `${body}&c=3` })).toThrow(InvalidSignatureError);
        expect(() => verify({ ...request, body: '' })).toThrow(InvalidSignatureError);
      });

      it('refuses bytes that only look like the body once what is no UTF-8 is replaced', () => {
        const request = signed([secret], 'x=\ufffd');
        expect(() => verify({ ...request, body: Buffer.from('783dff', 'hex') })).toThrow('not UTF-8');
      });
    }

    it('refuses every header in which one character is another', () => {
      const accepted = headers.flatMap((header) =>
        variants(signed().headers[header]!).filter((value) => passes(withHeader(header, value))),
      );
      expect(accepted).toEqual([]);
    });

    it('refuses the beginning of a header, and one with more behind it', () => {
      for (const header of headers) {
        const value = signed().headers[header]!;
        for (const other of [
          value.slice(0, -1),
          value.slice(1),
          `${value}=`,
          `${value}0`,
          value.slice(0, value.length / 2),
        ]) {
          expect(() => verify(withHeader(header, other), [secret], { toleranceMs: Infinity })).toThrow(
            InvalidSignatureError,
          );
        }
      }
    });

    it('refuses a request without its headers, and without any one of them where none is spare', () => {
      const empty = Object.fromEntries(headers.map((header) => [header, []]));
      for (const none of [{}, empty, []]) {
        expect(() => verify({ ...signed(), headers: none })).toThrow(InvalidSignatureError);
      }
      for (const header of sparesHeaders ? [] : headers) {
        expect(() => verify(withHeader(header, undefined))).toThrow(InvalidSignatureError);
      }
    });

    it('refuses a header that came twice, in whatever way', () => {
      for (const header of headers) {
        const value = signed().headers[header]!;
        const others = Object.entries(signed().headers);
        expect(() => verify(withHeader(header, [value, 'x']))).toThrow(InvalidSignatureError);
        expect(() => verify({ ...signed(), headers: [...others, [header.toUpperCase(), 'x']] })).toThrow(
          InvalidSignatureError,
        );
      }
    });

    it.each(HOSTILE.map((value) => [value]))('has one error for headers that are hostile: %#', (value) => {
      for (const header of headers) expect(() => verify(withHeader(header, value))).toThrow(InvalidSignatureError);
    });

    it.each(HOSTILE_BODIES)('has no other error for bodies that are hostile: %#', (hostile) => {
      const request = { ...signed(), body: hostile as string };
      if (coversBody) expect(() => verify(request)).toThrow(InvalidSignatureError);
      else expect(() => verify(request)).not.toThrow();
    });

    it('signs with the new secret during a rotation, and with the old one too where there is room', () => {
      const request = signed([another, secret]);
      expect(() => verify(request, [another])).not.toThrow();
      if (signsWithAll) expect(() => verify(request, [secret])).not.toThrow();
      else expect(() => verify(request, [secret])).toThrow(InvalidSignatureError);
    });

    it('accepts either secret while the receiver rotates', () => {
      expect(() => verify(signed(), [another, secret])).not.toThrow();
      expect(() => verify(signed([another]), [another, secret])).not.toThrow();
    });

    it('neither signs nor verifies without a secret', () => {
      for (const secrets of [[], [''], [undefined as unknown as string]]) {
        expect(() => signed(secrets)).toThrow(InvalidSecretError);
        expect(() => verify(signed(), secrets)).toThrow(InvalidSecretError);
      }
    });

    it('makes secrets that it takes, never the same twice', () => {
      expect(secret).not.toBe(another);
      expect(() => scheme.assertSecret(secret)).not.toThrow();
      expect(() => scheme.assertSecret('')).toThrow(InvalidSecretError);
    });

    it('never tells a secret in an error', () => {
      const error = errorOf(() => verify(signed(), [another]));
      for (const told of [error.message, error.stack]) {
        for (const kept of [secret, another]) expect(told).not.toContain(kept.slice(-20));
      }
    });

    if (carriesTime) {
      it('refuses a time more than five minutes off, either way', () => {
        for (const off of [300_000, -300_000])
          expect(() => verify(signed(), [secret], { now: NOW + off })).not.toThrow();
        expect(() => verify(signed(), [secret], { now: NOW + 301_000 })).toThrow('301 seconds ago');
        expect(() => verify(signed(), [secret], { now: NOW - 301_000 })).toThrow('301 seconds ahead');
      });

      it('is as strict about the time as it is told', () => {
        const late = { now: NOW + 3_600_000 };
        expect(() => verify(signed(), [secret], { ...late, toleranceMs: 3_600_000 })).not.toThrow();
        expect(() => verify(signed(), [secret], { ...late, toleranceMs: 3_599_000 })).toThrow('3600 seconds ago');
        expect(() => verify(signed(), [secret], { now: 0, toleranceMs: Infinity })).not.toThrow();
      });

      it('refuses everything when the time or the tolerance is not a number', () => {
        expect(() => verify(signed(), [secret], { now: NaN })).toThrow(InvalidSignatureError);
        expect(() => verify(signed(), [secret], { toleranceMs: NaN })).toThrow(InvalidSignatureError);
      });
    }

    function passes(request: ReceivedRequest): boolean {
      try {
        verify(request, [secret], { toleranceMs: Infinity });
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidSignatureError);
        return false;
      }
    }
  });
}

/** The text with each of its characters replaced once; never by the same letter in the other case, as hex has no case. */
function variants(text: string): string[] {
  return [...text.slice(0, 200)].map((character, index) => {
    const other = character === '7' ? '8' : '7';
    return text.slice(0, index) + other + text.slice(index + 1);
  });
}

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
