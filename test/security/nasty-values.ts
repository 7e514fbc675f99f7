import fc from 'fast-check';

/** Texts that have brought other programs down. */
const NASTY_TEXTS = [
  ...['', ' ', '\0', '\t', '\r\nX-Injected: yes', '\u2028', '\ud800', '\udfff\ud800', '🦄', 'İ', 'é', '\ufeff'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON', 'null'],
  ...['.', '..', '../..', '/', '//', '\\', '%', '%00', '%zz', '%c0%ae', '*', ':id', '?', '#', ';', '&', '='],
  ...["' OR 1=1 --", '"; DROP TABLE webhooks_subscription; --', '${7*7}', '$1', '?', '<script>', '[', '(((('],
  ...['-1', '0', '1e309', '1e21', '0x10', 'NaN', 'Infinity', '9007199254740993', '9'.repeat(40), '1'.repeat(15)],
  ...['sub_' + '0'.repeat(32), '00000000-0000-0000-0000-000000000000', '9999-12-31', '2026-02-31', 'a'.repeat(300)],
  ...['http://', 'https://[::1]/', 'https://user:password@example.com/', 'file:///etc/passwd', 'javascript:alert(1)'],
];

/** Any text, often one that has brought other programs down. */
export const texts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
);

function nested(depth: number, open: string, close: string): string {
  return open.repeat(depth) + close.repeat(depth);
}

/** Any value that JSON can have, and what is more than it should have. */
export const values = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 4, arbitrary: texts },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, 0, -0, -1, 1e308, 2 ** 53, 0.1, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.dictionary(texts, texts, { maxKeys: 60, noNullPrototype: true }) },
  { weight: 1, arbitrary: fc.array(texts, { maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 400 }).map((depth) => JSON.parse(nested(depth, '[', ']')) as unknown),
  },
);

/** Texts that are no JSON, or more of it than anybody needs. */
export const brokenJson = fc.oneof(
  fc.constantFrom(
    '{',
    '[',
    '"',
    '{"a":',
    'nul',
    "{'a':1}",
    '{"a":1}{',
    '\ufeff{}',
    '\0',
    'undefined',
    '',
    '01',
    '1e999',
  ),
  fc.constantFrom('{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', '{"a":1,"a":2}'),
  fc.integer({ min: 1_000, max: 20_000 }).map((depth) => nested(depth, '[', ']')),
  fc.integer({ min: 1_000, max: 8_000 }).map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
  fc
    .integer({ min: 100, max: 5_000 })
    .map((count) => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`),
  fc.integer({ min: 90_000, max: 1_040_000 }).map((length) => JSON.stringify({ description: 'x'.repeat(length) })),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
