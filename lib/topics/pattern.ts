import { LONGEST_TOPIC_NAME } from './topic';

const PATTERN = /^(\*|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(\.\*)?)$/;

/** Whether the text is a topic's name, a name that ends in `.*`, or `*`. */
export function isPattern(text: string): boolean {
  return PATTERN.test(text) && text.length <= LONGEST_TOPIC_NAME + 2;
}

/** Every pattern that a topic satisfies, so that matching is a lookup: `a.b` satisfies `a.b`, `a.*` and `*`. */
export function patternsFor(topic: string): string[] {
  const words = topic.split('.');
  const prefixes = words.slice(0, -1).map((_, index) => `${words.slice(0, index + 1).join('.')}.*`);
  return [topic, ...prefixes.reverse(), '*'];
}

export function matches(pattern: string, topic: string): boolean {
  return patternsFor(topic).includes(pattern);
}
