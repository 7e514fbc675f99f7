import { WebhooksConfigurationError, WebhooksError } from '../shared/webhooks.error';
import type { PayloadType, Topic } from './topic';

/** A version of a topic's payload that is not published any more, for subscribers who stay with it. */
export interface EarlierVersion {
  /** Counted from 1. */
  readonly version: number;
  /**
   * Makes the payload of this version from that of the one after it. Pure: every attempt makes the same. What is stored is
   * always the version that was published.
   */
  readonly transform: (next: never) => object;
  /** The class of this version's payload. @default none */
  readonly payloadType?: PayloadType<object>;
}

/** Thrown when the transform of a topic's version fails: it is the host's own code. */
export class TransformFailedError extends WebhooksError {
  override readonly code = 'WEBHOOKS_TRANSFORM_FAILED';
}

/** What of an event decides how its payload looks in another version. */
export interface VersionedPayload {
  readonly payload: string;
  /** Which version of its topic it is of. @default 1 */
  readonly version?: number;
}

/** The versions that a subscription stays with, by topic; of a topic that is not named, the first that there was. */
export type TopicVersions = Readonly<Record<string, number>>;

/**
 * The payload as JSON text, in the version that a subscription stays with. One that was published before that version was
 * there stays as it was published.
 * @throws TransformFailedError
 */
export function payloadIn(
  topic: Topic,
  { payload, version = 1 }: VersionedPayload,
  versions: TopicVersions = {},
): string {
  const wanted = (Object.hasOwn(versions, topic.name) ? versions[topic.name] : undefined) ?? 1;
  if (version > topic.version && wanted < version) throw unknownVersion(topic, version);
  const steps = topic.earlier.filter((each) => each.version < version && each.version >= wanted);
  if (steps.length === 0) return payload;
  try {
    return JSON.stringify(
      steps.reduce((next, { transform }) => checked(transform(next as never)), JSON.parse(payload) as object),
    );
  } catch (error) {
    const message = `The topic "${topic.name}" could not be brought from version ${version} to ${wanted}: its transform failed.`;
    throw new TransformFailedError(message, { cause: error });
  }
}

/** Others have a newer release already: what it published is no version that this one can make another of. */
function unknownVersion({ name, version: latest }: Topic, version: number): TransformFailedError {
  const message = `The topic "${name}" was published in version ${version}, and this process knows none after ${latest}.`;
  return new TransformFailedError(message);
}

/** A promise is an object to the compiler, and would be delivered as an empty one. */
function checked(made: unknown): object {
  if (typeof made === 'object' && made !== null && !('then' in made && typeof made.then === 'function')) return made;
  throw new TypeError(`Expected the transform to answer an object, not a promise, got ${typeof made}.`);
}

/** Which versions a subscription that wants these topics now stays with, as far as it does not say otherwise. */
export function versionsNow(topics: readonly Topic[], chosen: TopicVersions = {}): TopicVersions | undefined {
  const now = topics.filter(({ version }) => version > 1).map(({ name, version }): [string, number] => [name, version]);
  const all = { ...Object.fromEntries(now), ...chosen };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** The earlier versions, latest first. @throws WebhooksConfigurationError unless one follows the other up to `current` */
export function inOrder(topic: string, current: number, earlier: readonly EarlierVersion[]): EarlierVersion[] {
  const ordered = [...earlier].sort((one, other) => other.version - one.version);
  const expected = ordered.map((_, index) => current - 1 - index);
  const follow = ordered.every(({ version }, index) => version === expected[index] && version >= 1);
  if (Number.isInteger(current) && current >= 1 && follow) return ordered;
  throw new WebhooksConfigurationError(
    `Expected the earlier versions of the topic "${topic}" to be ${expected.filter((each) => each > 0).join(', ') || 'none'}, ` +
      `because its version is ${current}, got ${earlier.map(({ version }) => version).join(', ') || 'none'}.`,
  );
}
