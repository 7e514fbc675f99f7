import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { isPattern, matches } from '../topics/pattern';

/** Which topics of the host the names of a contract stand for; names that are left out stand for themselves. */
export type TopicMap<Name extends string = string> = Readonly<Partial<Record<Name, string | readonly string[]>>>;

/** What a contract calls topics. */
export interface TopicNames {
  /** The names that callers may use; undefined where they use those of the host. */
  readonly names?: readonly string[];
  /** The patterns of the host's topics that a name stands for. */
  patternsOf(name: string): readonly string[];
  /** The names that patterns stand for. */
  namesOf(patterns: readonly string[]): string[];
  /** The name of a topic that happened, for a subscription that asked for patterns. */
  nameOf(topic: string, patterns: readonly string[]): string;
}

/** The names of the host's own topics, with `order.*` and `*`. */
export const hostTopics: TopicNames = {
  patternsOf: (name) => [name],
  namesOf: (patterns) => [...patterns],
  nameOf: (topic) => topic,
};

/**
 * Names that a contract documents: a list, or a map that has them all.
 * @throws WebhooksConfigurationError when the map has a name that the contract has not, or two names mean the same
 */
export function namedTopics<Name extends string>(
  documented: readonly Name[] | Readonly<Record<Name, string | readonly string[]>>,
  map: TopicMap<Name> = {} as TopicMap<Name>,
): TopicNames {
  const isList = Array.isArray(documented);
  const names = (isList ? documented : Object.keys(documented)) as readonly Name[];
  const patterns = patternsByName(names, isList ? map : { ...documented, ...map });
  const asked = (wanted: readonly string[]) =>
    names.filter((name) => patterns.get(name)!.every((pattern) => wanted.includes(pattern)));
  const exactly = (topic: string, among: readonly string[]) =>
    among.find((name) => patterns.get(name)!.includes(topic));
  const roughly = (topic: string, among: readonly string[]) =>
    among.find((name) => patterns.get(name)!.some((pattern) => pattern !== '*' && matches(pattern, topic)));
  return {
    names,
    patternsOf: (name) => patterns.get(name) ?? [name],
    namesOf: asked,
    nameOf: (topic, wanted) =>
      exactly(topic, asked(wanted)) ??
      exactly(topic, names) ??
      roughly(topic, asked(wanted)) ??
      roughly(topic, names) ??
      topic,
  };
}

function patternsByName(names: readonly string[], map: TopicMap): ReadonlyMap<string, readonly string[]> {
  const stranger = Object.keys(map).find((name) => !names.includes(name));
  if (stranger !== undefined) throw wrong(`one of ${names.join(', ')}`, stranger);
  const patterns = new Map(names.map((name) => [name, [map[name] ?? name].flat()] as const));
  const all = [...patterns.values()];
  const malformed = all.flat().find((pattern) => !isPattern(pattern));
  if (malformed !== undefined) throw wrong('a topic, such as "order.shipped" or "order.*"', malformed);
  const keys = all.map((each) => [...each].sort().join(' '));
  const twice = names.find((_, index) => keys.indexOf(keys[index]!) !== index);
  if (twice !== undefined) throw wrong('a topic of its own for each name', `the same for ${twice} as for another`);
  return patterns;
}

function wrong(expected: string, got: string): WebhooksConfigurationError {
  return new WebhooksConfigurationError(`Expected the topics of a contract to map ${expected}, got "${got}".`);
}
