import { retryAfterMs } from '../../lib/retry/retry-after';

const NOW_MS = Date.UTC(1994, 10, 6, 8, 49, 7);

describe('Retry-After', () => {
  it('asks for nothing when it is not sent', () => {
    expect(retryAfterMs(undefined, NOW_MS)).toBeUndefined();
  });

  it.each([
    ['0', 0],
    ['120', 120_000],
    ['0007', 7_000],
  ])('asks to wait seconds: %s', (value, expected) => {
    expect(retryAfterMs(value, NOW_MS)).toBe(expected);
  });

  it('stays a safe number when it asks for ages', () => {
    expect(retryAfterMs('9'.repeat(500), NOW_MS)).toBe(Number.MAX_SAFE_INTEGER);
  });

  // The three forms of one date, as printed in RFC 9110, section 5.6.7.
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'asks to wait until a date: %s',
    (value) => {
      expect(retryAfterMs(value, NOW_MS)).toBe(30_000);
    },
  );

  it('counts the milliseconds that are left of the current second', () => {
    expect(retryAfterMs('Sun, 06 Nov 1994 08:49:37 GMT', NOW_MS + 250)).toBe(29_750);
  });

  it('asks for no wait when its date has passed', () => {
    expect(retryAfterMs('Sun, 06 Nov 1994 08:49:06 GMT', NOW_MS)).toBe(0);
  });

  it.each([
    '',
    ' ',
    'soon',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '12 0',
    '120s',
    '120, 130',
    '٣',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 EST',
    'Sun, 06 Nov 1994 25:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
  ])('is ignored when it is %p', (value) => {
    expect(retryAfterMs(value, NOW_MS)).toBeUndefined();
  });
});
