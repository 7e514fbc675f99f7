import fc from 'fast-check';
import { PayloadFilter, type FilterPattern } from '../../lib/filters/payload-filter';

const wants = (pattern: FilterPattern, payload: unknown) => PayloadFilter.from(pattern).wants(payload);

/** From the examples of Amazon EventBridge's user guide, each with a value that matches and one that does not. */
const COMPARISONS: [name: string, alternatives: unknown[], matching: unknown[], others: unknown[]][] = [
  ['a text', ['New York'], ['New York', ['Paris', 'New York']], ['new york', '', null, undefined, ['Paris']]],
  ['one of several', ['Monday', 'Tuesday'], ['Monday', 'Tuesday'], ['Sunday']],
  ['an empty text', [''], [''], [' ', null, undefined]],
  ['null', [null], [null], ['', 0, undefined]],
  ['a number', [100], [100, 1e2], ['100', 100.5]],
  ['a flag', [true], [true], [false, 'true', 1]],
  ['prefix', [{ prefix: 'us-' }], ['us-east-1'], ['eu-us-', 'US-east', 1]],
  ['prefix, ignoring case', [{ prefix: { 'equals-ignore-case': 'eventb' } }], ['EventBridge'], ['Bridge']],
  ['suffix', [{ suffix: '.png' }], ['a.png'], ['a.PNG', '.png.exe']],
  ['suffix, ignoring case', [{ suffix: { 'equals-ignore-case': '.png' } }], ['a.PNG'], ['a.jpg']],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'alice' }], ['ALICE', 'Alice'], ['Alicea', 5]],
  ['wildcard', [{ wildcard: 'dir/*.png' }], ['dir/a.png', 'dir/.png'], ['dir.png', 'dir/a.png.exe', 'x/dir/a.png']],
  ['wildcards', [{ wildcard: '*/lib/*' }], ['/lib/', 'a/lib/b'], ['lib', '/lib']],
  ['a wildcard that would overlap', [{ wildcard: 'aba*aba' }], ['abaaba', 'aba aba'], ['aba', 'ababa']],
  ['a star itself', [{ wildcard: 'a\\**' }], ['a*', 'a*b'], ['ab']],
  ['no wildcard at all', [{ wildcard: 'ab' }], ['ab'], ['abc']],
  ['anything-but', [{ 'anything-but': 'initializing' }], ['running', 5, null], ['initializing', undefined]],
  ['anything-but of several', [{ 'anything-but': ['a', 100] }], ['b', 101], ['a', 100]],
  ['anything-but a prefix', [{ 'anything-but': { prefix: 'us-' } }], ['eu-1', 5], ['us-1']],
  ['anything-but a suffix', [{ 'anything-but': { suffix: ['.png', '.gif'] } }], ['a.txt'], ['a.png', 'a.gif']],
  ['anything-but a wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['a/b'], ['a/lib/b']],
  ['anything-but, ignoring case', [{ 'anything-but': { 'equals-ignore-case': 'a' } }], ['b'], ['A']],
  ['numeric', [{ numeric: ['=', 100] }], [100], [99, '100']],
  ['a numeric range', [{ numeric: ['>', 10, '<=', 20] }], [11, 20], [10, 21, null]],
  ['cidr', [{ cidr: '10.0.0.0/24' }], ['10.0.0.7'], ['10.0.1.7', '::1', 'home', '167772167']],
  ['exists', [{ exists: true }], ['', 0, null, [], {}], [undefined]],
  ['exists not', [{ exists: false }], [undefined], ['', null]],
  ['either of two comparisons', ['a', { prefix: 'b' }], ['a', 'bc'], ['c']],
];

describe('A payload filter', () => {
  it.each(COMPARISONS)('knows %s', (_, alternatives, matching, others) => {
    const filter = PayloadFilter.from({ field: alternatives });
    expect(matching.filter((value) => !filter.wants({ field: value }))).toEqual([]);
    expect(others.filter((value) => filter.wants({ field: value }))).toEqual([]);
  });

  it('wants all names to hold', () => {
    const pattern = { location: ['New York'], day: ['Monday'] };
    expect(wants(pattern, { location: 'New York', day: 'Monday', more: 1 })).toBe(true);
    expect(wants(pattern, { location: 'New York', day: 'Sunday' })).toBe(false);
  });

  it('looks into objects, and into each object of a list', () => {
    const pattern = { order: { lines: { sku: ['A'], quantity: [{ numeric: ['>', 1] }] } } };
    const order = (...lines: object[]) => ({ order: { lines } });
    expect(wants(pattern, order({ sku: 'B', quantity: 1 }, { sku: 'A', quantity: 2 }))).toBe(true);
    expect(wants(pattern, order({ sku: 'A', quantity: 1 }, { sku: 'B', quantity: 2 }))).toBe(false);
    expect(wants(pattern, { order: { lines: { sku: 'A', quantity: 2 } } })).toBe(true);
  });

  it.each([
    [{}, true],
    [{ order: null }, true],
    [{ order: 'text' }, true],
    [null, true],
    [['text'], true],
    // No element has it, and none lacks it.
    [{ order: [] }, false],
  ])('does not mind a payload of another shape: %j', (payload, lacksIt) => {
    expect(wants({ order: { status: ['open'] } }, payload)).toBe(false);
    expect(wants({ order: { status: [{ exists: false }] } }, payload)).toBe(lacksIt);
  });

  it('takes one of several patterns', () => {
    const pattern = { state: ['open'], $or: [{ total: [{ numeric: ['>', 100] }] }, { customer: { vip: [true] } }] };
    expect(wants(pattern, { state: 'open', total: 101 })).toBe(true);
    expect(wants(pattern, { state: 'open', total: 1, customer: { vip: true } })).toBe(true);
    expect(wants(pattern, { state: 'open', total: 1 })).toBe(false);
    expect(wants(pattern, { total: 101 })).toBe(false);
  });

  it('looks at what a payload has itself, and at nothing that all objects have', () => {
    expect(wants({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(wants({ toString: [{ exists: false }] }, {})).toBe(true);
    expect(wants(JSON.parse('{"__proto__": ["x"]}') as FilterPattern, JSON.parse('{"__proto__": "x"}'))).toBe(true);
  });

  it.each<[reason: string, pattern: unknown]>([
    ['expected an object such as {"status": ["shipped"]}', null],
    ['expected an object such as {"status": ["shipped"]}', []],
    ['expected at least one name', {}],
    ['at a: expected at least one name', { a: {} }],
    ['at a: expected a list such as ["shipped"], or names within it', { a: 'shipped' }],
    ['at a: expected a list of 1 to 100 alternatives', { a: [] }],
    ['at a: expected a list of 1 to 100 alternatives', { a: Array(101).fill(1) }],
    ['at a: expected a text, a number, true, false, null or an object with one comparison', { a: [['x']] }],
    ['an object with one comparison', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['at a.b: "regex" is not one of prefix, suffix', { a: { b: [{ regex: '.*' }] } }],
    ['"constructor" is not one of', { a: [{ constructor: 'x' }] }],
    ['at a.prefix: expected a text of at most 256 characters', { a: [{ prefix: 5 }] }],
    ['expected a text of at most 256 characters', { a: ['x'.repeat(257)] }],
    ['expected one or two comparisons such as [">", 0, "<=", 5]', { a: [{ numeric: ['>'] }] }],
    ['expected one or two comparisons', { a: [{ numeric: [] }] }],
    ['expected one or two comparisons', { a: [{ numeric: ['~', 5] }] }],
    ['expected one or two comparisons', { a: [{ numeric: ['constructor', 5] }] }],
    ['at a.exists: expected true or false', { a: [{ exists: 'yes' }] }],
    ['expected a block of addresses such as "10.0.0.0/24"', { a: [{ cidr: '10.0.0.0' }] }],
    ['"cidr" is not one of prefix', { a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }],
    ['at $or: expected a list of patterns', { $or: {} }],
    ['at $or.0: expected a pattern', { $or: ['x'] }],
    ['expected at most 8 levels', { a: { b: { c: { d: { e: { f: { g: { h: { i: [1] } } } } } } } } }],
    ['expected one or two comparisons', { a: [{ numeric: [['>'], 5] }] }],
    ['expected one or two comparisons', { a: [{ numeric: ['>', JSON.parse('1e400')] }] }],
    ['expected a text, a number', { a: [JSON.parse('1e400')] }],
    ['expected at most 8 levels', nested(20_000, (within) => ({ a: within }))],
    ['expected one or two comparisons', { a: [{ numeric: [nested(20_000, (within) => [within]), 5] }] }],
    ['expected at most 4096 characters of JSON', { a: Array(100).fill('x'.repeat(50)) }],
  ])('is refused: %s (%#)', (reason, pattern) => {
    expect(() => PayloadFilter.from(pattern)).toThrow(reason);
  });

  it('takes what looks like an address, and is none to everybody, for no address', () => {
    expect(PayloadFilter.from({ a: [{ cidr: 'fe80::/10' }] }).wants({ a: 'fe80::1%eth-0' })).toBe(false);
  });

  it('answers whatever the payload is', () => {
    const filter = PayloadFilter.from({
      a: ['x', { wildcard: '*a*b*' }, { cidr: '10.0.0.0/8' }, { 'anything-but': { prefix: 'y' } }],
      $or: [{ b: { c: [{ exists: false }] } }, { d: [{ numeric: ['<', 5] }] }],
    });
    fc.assert(fc.property(fc.jsonValue(), (payload) => typeof filter.wants(payload) === 'boolean'));
  });

  it('finds a wildcard where a regular expression does', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
        expect(wants({ field: [{ wildcard: pattern }] }, { field: text })).toBe(expected);
      }),
    );
  });
});

function nested(levels: number, within: (inner: unknown) => unknown): unknown {
  let value: unknown = ['x'];
  for (let level = 0; level < levels; level++) value = within(value);
  return value;
}
