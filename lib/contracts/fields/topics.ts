import { presence, type Draft, type Field, type Showing, type TakenOptions } from '../field';
import type { ApiSchemaDescription } from '../generated/openapi';
import { flagFromText, IsFlag, IsOneOf, IsText, IsTextList } from '../rules';
import type { TopicNames } from '../topic-names';
import { WebhooksConfigurationError } from '../../shared/webhooks.error';
import type { Subscription } from '../../subscriptions/subscription';
import { InvalidSubscriptionError } from '../../subscriptions/subscription-errors';

const MOST_TOPICS = 100;
const LONGEST_PATTERN = 202;

/** The names of a subscription's topics, as its contract calls them. */
export function namesOf({ topics }: Pick<Subscription, 'topics'>, { contract }: Pick<Showing, 'contract'>): string[] {
  return contract.description.topics.namesOf(topics);
}

export interface TopicOptions extends TakenOptions {
  /** What a new subscription asks for when it does not say. */
  readonly default?: string;
  /** Those of which the subscription gets everybody's events. @default none */
  readonly acrossTenants?: readonly string[];
}

/** The one topic of a subscription, of those that the contract names. */
export function topic(names: TopicNames, options: TopicOptions = {}): Field {
  const schema = { type: String, enum: [...(names.names ?? [])] };
  return {
    shown: { schema, value: (subscription, showing) => namesOf(subscription, showing)[0] ?? subscription.topics[0] },
    taken: {
      schema: { ...schema, default: options.default },
      rules: [IsText(1, LONGEST_PATTERN), IsOneOf(names.names ?? [])],
      ...presence({ required: options.default === undefined, ...options }),
      fallback: options.default,
      property: 'topics',
      take: (name: string, draft) => {
        draft.topics = names.patternsOf(name);
        if (options.acrossTenants) draft.acrossTenants = options.acrossTenants.includes(name);
      },
    },
  };
}

/** One word of the one topic of a subscription, where the topic is said in several fields. */
export function topicWord(names: TopicNames, index: number): Field {
  const words = [...new Set((names.names ?? []).map((name) => name.split('.')[index]!))];
  const schema = { type: String, enum: words };
  return {
    shown: {
      schema,
      value: (subscription, showing) => wordsOf(subscription, showing.contract.description.topics)[index],
    },
    taken: {
      schema,
      rules: [IsText(1, LONGEST_PATTERN), IsOneOf(words)],
      ...presence({ required: true }),
      property: 'topics',
      take: (word: string, draft) => void ((draft.words ??= [])[index] = word),
    },
  };
}

/** The words of the one topic of a subscription. */
export function wordsOf({ topics }: Pick<Subscription, 'topics'>, names: TopicNames): string[] {
  return (names.namesOf(topics)[0] ?? topics[0] ?? '').split('.');
}

/**
 * Puts the topic together that was said word by word; what was not said stays as it was.
 * @throws InvalidSubscriptionError when the words do not go together
 */
export function joinWords({ words, ...draft }: Draft, names: TopicNames, current?: Subscription): Draft {
  if (!words) return draft;
  const before = current ? wordsOf(current, names) : [];
  const length = Math.max(words.length, before.length);
  const name = Array.from({ length }, (_, index) => words[index] ?? before[index]).join('.');
  if (names.names?.includes(name)) return { ...draft, topics: names.patternsOf(name) };
  throw new InvalidSubscriptionError([{ field: 'topics', message: `"${name}" is not a topic`, rule: 'choice' }]);
}

/** Whether a subscription wants one of the topics, where each has a switch of its own. @param options false by default */
export function topicFlag(
  names: TopicNames,
  name: string,
  options: { readonly default?: boolean; readonly description?: string } = {},
): Field {
  if (!names.names?.includes(name)) {
    const expected = (names.names ?? []).join(', ');
    throw new WebhooksConfigurationError(`Expected topicFlag() to be of one of ${expected}, got "${name}".`);
  }
  const { default: fallback = false, description } = options;
  const patterns = names.patternsOf(name);
  return {
    shown: {
      schema: { type: Boolean, description },
      value: (subscription, showing) => namesOf(subscription, showing).includes(name),
    },
    taken: {
      schema: { type: Boolean, description, default: fallback },
      rules: [IsFlag()],
      ...presence({}),
      fallback,
      fromText: flagFromText,
      property: 'topics',
      take: (wanted: boolean, draft, _, current) => {
        const others = (draft.topics ?? current?.topics ?? []).filter((pattern) => !patterns.includes(pattern));
        draft.topics = wanted ? [...others, ...patterns] : others;
      },
    },
  };
}

export interface TopicsOptions extends TakenOptions {
  readonly description?: string;
  /** What a new subscription asks for when it does not say. */
  readonly default?: readonly string[];
  /** How each is shown, where that is not just its name. */
  readonly shownAs?: { readonly each: (name: string) => unknown; readonly schema: object };
}

/** The topics of a subscription as a list. */
export function topics(names: TopicNames, options: TopicsOptions = {}): Field {
  const list: ApiSchemaDescription = {
    type: 'array',
    items: { type: 'string', ...(names.names && { enum: [...names.names] }) },
    description: options.description,
  };
  const { shownAs } = options;
  const what = names.names ? `one of ${names.names.join(', ')}` : `a topic of at most ${LONGEST_PATTERN} characters`;
  const passes = (name: string) => names.names?.includes(name) ?? name.length <= LONGEST_PATTERN;
  return {
    shown: {
      schema: shownAs ? { ...list, items: shownAs.schema } : list,
      value: (subscription, showing) => {
        const shown = namesOf(subscription, showing);
        return shownAs ? shown.map(shownAs.each) : shown;
      },
    },
    taken: {
      schema: { ...list, minItems: 1, maxItems: MOST_TOPICS, default: options.default },
      rules: IsTextList(MOST_TOPICS, passes, what),
      ...presence({ required: options.default === undefined, ...options }),
      fallback: options.default,
      fromText: (value) => (value === undefined ? undefined : [value].flat()),
      property: 'topics',
      take: (wanted: string[], draft) => void (draft.topics = wanted.flatMap((name) => names.patternsOf(name))),
    },
  };
}
