import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { UnusableFilterError } from './unusable-filter.error';

/** Whether one value of a payload is wanted; undefined is one that is not there. */
export type Condition = (value: unknown) => boolean;

const LONGEST_TEXT = 256;
const MOST_ALTERNATIVES = 100;

type Comparison = (operand: never, path: string) => Condition;

/** What can be said of a value, by the names that EventBridge gave it. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  prefix: (operand, path) => affix(operand, path, (text, part) => text.startsWith(part)),
  suffix: (operand, path) => affix(operand, path, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (operand, path) => {
    const wanted = textIn(operand, path).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  wildcard: (operand, path) => wildcard(textIn(operand, path)),
  'anything-but': (operand, path) => anythingBut(operand, path),
  numeric: (operand, path) => numeric(operand, path),
  cidr: (operand, path) => cidr(textIn(operand, path), path),
  exists: (operand: unknown, path) => {
    if (typeof operand !== 'boolean') throw new UnusableFilterError(path, 'expected true or false');
    return (value) => (value !== undefined) === operand;
  },
};

const WITHIN_ANYTHING_BUT = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** One of the alternatives in a list: a plain value, or an object with one comparison. @throws UnusableFilterError */
export function conditionFrom(alternative: unknown, path: string): Condition {
  if (isPlain(alternative)) return equals(alternative, path);
  const [name, operand] = onlyEntryOf(alternative, path);
  return comparisonNamed(name, path, Object.keys(COMPARISONS))(operand as never, `${path}.${name}`);
}

function comparisonNamed(name: string, path: string, allowed: readonly string[]): Comparison {
  if (allowed.includes(name)) return COMPARISONS[name]!;
  throw new UnusableFilterError(path, `${JSON.stringify(name)} is not one of ${allowed.join(', ')}`);
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || isStorable(value);
}

/** JSON can write numbers that it cannot keep: 1e400 would come back as null. */
function isStorable(value: unknown): value is number {
  return Number.isFinite(value);
}

function equals(wanted: string | number | boolean | null, path: string): Condition {
  if (typeof wanted === 'string') textIn(wanted, path);
  return (value) => value === wanted;
}

function onlyEntryOf(value: unknown, path: string): [string, unknown] {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length === 1) return entries[0]!;
  throw new UnusableFilterError(path, 'expected a text, a number, true, false, null or an object with one comparison');
}

function textIn(operand: unknown, path: string): string {
  if (typeof operand === 'string' && operand.length <= LONGEST_TEXT) return operand;
  throw new UnusableFilterError(path, `expected a text of at most ${LONGEST_TEXT} characters`);
}

function affix(operand: unknown, path: string, has: (text: string, part: string) => boolean): Condition {
  if (typeof operand !== 'object') {
    const part = textIn(operand, path);
    return (value) => typeof value === 'string' && has(value, part);
  }
  const [name, inner] = onlyEntryOf(operand, path);
  comparisonNamed(name, path, ['equals-ignore-case']);
  const part = textIn(inner, path).toLowerCase();
  return (value) => typeof value === 'string' && has(value.toLowerCase(), part);
}

/** A "*" stands for any text; "\*" for itself. Each part is looked for once, from where the one before it was found. */
function wildcard(pattern: string): Condition {
  const [first = '', ...rest] = partsBetweenStars(pattern);
  const last = rest.pop();
  return (value) => {
    if (typeof value !== 'string') return false;
    if (last === undefined) return value === first;
    if (!value.startsWith(first)) return false;
    let from = first.length;
    for (const part of rest) {
      const at = value.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return value.length - last.length >= from && value.endsWith(last);
  };
}

function partsBetweenStars(pattern: string): string[] {
  const parts = [''];
  for (const [token] of pattern.matchAll(/\\[*\\]|[^]/g)) {
    if (token === '*') parts.push('');
    else parts[parts.length - 1] += token.length === 2 && token.startsWith('\\') ? token[1]! : token;
  }
  return parts;
}

function anythingBut(operand: unknown, path: string): Condition {
  const unwanted = excluded(operand, path);
  return (value) => value !== undefined && !unwanted.some((condition) => condition(value));
}

function excluded(operand: unknown, path: string): Condition[] {
  if (isPlain(operand)) return [equals(operand, path)];
  if (Array.isArray(operand)) return listIn(operand, path).map((each) => plainCondition(each, path));
  const [name, inner] = onlyEntryOf(operand, path);
  const comparison = comparisonNamed(name, path, WITHIN_ANYTHING_BUT);
  const operands = Array.isArray(inner) ? listIn(inner, path) : [inner];
  return operands.map((each) => comparison(each as never, `${path}.${name}`));
}

function plainCondition(value: unknown, path: string): Condition {
  if (isPlain(value)) return equals(value, path);
  throw new UnusableFilterError(path, 'expected texts and numbers');
}

/** @throws UnusableFilterError when it is empty or too long */
export function listIn(list: readonly unknown[], path: string): readonly unknown[] {
  if (list.length > 0 && list.length <= MOST_ALTERNATIVES) return list;
  throw new UnusableFilterError(path, `expected a list of 1 to ${MOST_ALTERNATIVES} alternatives`);
}

const RELATIONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numeric(operand: unknown, path: string): Condition {
  const [first, ...more] = pairsIn(operand, path).map(([relation, bound]) => {
    const holds = typeof relation === 'string' && Object.hasOwn(RELATIONS, relation) ? RELATIONS[relation] : undefined;
    if (!holds || !isStorable(bound)) throw notNumeric(path);
    return (value: number) => holds(value, bound);
  });
  if (!first || more.length > 1) throw notNumeric(path);
  return (value) => typeof value === 'number' && first(value) && more.every((holds) => holds(value));
}

function pairsIn(operand: unknown, path: string): [unknown, unknown][] {
  if (!Array.isArray(operand) || operand.length % 2 !== 0) throw notNumeric(path);
  return Array.from({ length: operand.length / 2 }, (_, index) => [operand[index * 2], operand[index * 2 + 1]]);
}

function notNumeric(path: string): UnusableFilterError {
  return new UnusableFilterError(path, 'expected one or two comparisons such as [">", 0, "<=", 5]');
}

function cidr(block: string, path: string): Condition {
  const range = parsedBlock(block, path);
  return (value) => {
    if (typeof value !== 'string' || isIP(value) === 0 || !ipaddr.isValid(value)) return false;
    const address = ipaddr.parse(value);
    return address.kind() === range[0].kind() && address.match(range);
  };
}

function parsedBlock(block: string, path: string): ReturnType<typeof ipaddr.parseCIDR> {
  try {
    return ipaddr.parseCIDR(block);
  } catch {
    throw new UnusableFilterError(path, 'expected a block of addresses such as "10.0.0.0/24"');
  }
}
