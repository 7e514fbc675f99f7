import { conditionFrom, listIn, type Condition } from './conditions';
import { UnusableFilterError } from './unusable-filter.error';

/**
 * What a payload has to be like, as an event pattern of Amazon EventBridge: names, and for each a list of alternatives, or
 * the names within. All names have to hold, of alternatives one.
 * @example { status: ['shipped'], total: [{ numeric: ['>=', 100] }], address: { country: ['NL', 'BE'] } }
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export type FilterPattern = Readonly<Record<string, unknown>>;

const LONGEST_PATTERN = 4_096;
const DEEPEST = 8;

/** A filter that was understood once, and can be asked about any number of payloads. */
export class PayloadFilter {
  private constructor(private readonly condition: Condition) {}

  /** @throws UnusableFilterError when the pattern is not one */
  static from(pattern: unknown): PayloadFilter {
    if (!isRecord(pattern)) throw new UnusableFilterError('', 'expected an object such as {"status": ["shipped"]}');
    // First, because it goes no deeper than a filter may: of what is deeper, no text can be made.
    const condition = objectCondition(pattern, '', 1);
    if (JSON.stringify(pattern).length > LONGEST_PATTERN) {
      throw new UnusableFilterError('', `expected at most ${LONGEST_PATTERN} characters of JSON`);
    }
    return new PayloadFilter(condition);
  }

  /** Whether a payload, parsed, is wanted. Its time grows with the sizes of the pattern and of the payload, no faster. */
  wants(payload: unknown): boolean {
    return this.condition(payload);
  }
}

function objectCondition(pattern: FilterPattern, path: string, depth: number): Condition {
  if (depth > DEEPEST) throw new UnusableFilterError(path, `expected at most ${DEEPEST} levels`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new UnusableFilterError(path, 'expected at least one name');
  const conditions = entries.map(([name, wanted]) => memberCondition(name, wanted, { path, depth }));
  return (value) => conditions.every((condition) => condition(value));
}

type Place = Readonly<{ path: string; depth: number }>;

function memberCondition(name: string, wanted: unknown, { path, depth }: Place): Condition {
  const within = path === '' ? name : `${path}.${name}`;
  if (name === '$or') return anyOf(wanted, within, depth);
  const condition = valueCondition(wanted, within, depth);
  return (value) => condition(isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined);
}

function anyOf(patterns: unknown, path: string, depth: number): Condition {
  if (!Array.isArray(patterns)) throw new UnusableFilterError(path, 'expected a list of patterns');
  const conditions = listIn(patterns, path).map((pattern, index) => {
    if (!isRecord(pattern)) throw new UnusableFilterError(`${path}.${index}`, 'expected a pattern');
    return objectCondition(pattern, `${path}.${index}`, depth + 1);
  });
  return (value) => conditions.some((condition) => condition(value));
}

function valueCondition(wanted: unknown, path: string, depth: number): Condition {
  if (Array.isArray(wanted)) return alternatives(wanted, path);
  if (!isRecord(wanted)) throw new UnusableFilterError(path, `expected a list such as ["shipped"], or names within it`);
  const condition = objectCondition(wanted, path, depth + 1);
  // One element has to hold all of it: a line of an order, say, and not two of them together.
  return (value) => (Array.isArray(value) ? value.some(condition) : condition(value));
}

function alternatives(wanted: readonly unknown[], path: string): Condition {
  const conditions = listIn(wanted, path).map((alternative) => conditionFrom(alternative, path));
  const holds: Condition = (value) => conditions.some((condition) => condition(value));
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(holds) : holds(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
