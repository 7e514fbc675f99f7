import type { NewSubscription, SecretRotation } from '../subscriptions/new-subscription';
import type { Preferences } from '../subscriptions/preferences';
import type { Subscription } from '../subscriptions/subscription';
import type { Contract } from './contract';
import type { ApiSchemaDescription } from './generated/openapi';

/** What can be done with the subscriptions of a contract. */
export const OPERATIONS = ['list', 'create', 'read', 'update', 'remove', 'rotate', 'resume', 'verify'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a field may want to know when it is shown. */
export interface Showing {
  readonly contract: Contract;
  readonly operation: Operation;
  /** The path of the list, as the caller sees it and without a slash at its end. */
  readonly collectionPath: string;
  /** Where the caller found the host, such as `https://api.example.com`. */
  readonly origin: string;
}

/** What a caller wants of a subscription, field by field. */
export type Draft = {
  -readonly [Property in keyof NewSubscription]?: NewSubscription[Property];
} & {
  /** How long old secrets go on signing, where a new one is asked for. */
  overlapSeconds?: number;
  /** The words of a topic that is said in several fields. */
  words?: (string | undefined)[];
  /** Whether a suspension ends as well, once the endpoint has passed the handshake where there is one. */
  resumes?: boolean;
};

/** How a field looks in answers. */
export interface ShownField {
  readonly schema: ApiSchemaDescription;
  /** Undefined leaves the field out. */
  readonly value: (subscription: Subscription, showing: Showing) => unknown;
  /** In which answers it is. @default all */
  readonly in?: readonly Operation[];
  /** Whether it may be left out. @default false */
  readonly optional?: boolean;
  /** Whether its answers must not be kept by any cache. @default false */
  readonly confidential?: boolean;
}

/** Whether a field has to be there, may be, or is not for the caller to say. */
export type Presence = 'required' | 'optional' | 'absent';

/** How a field is read from requests. */
export interface TakenField {
  readonly schema: ApiSchemaDescription;
  /** The most telling rule first; what comes in is sure to be given. */
  readonly rules: readonly PropertyDecorator[];
  readonly onCreate: Presence;
  readonly onUpdate: Presence;
  /** Where a new secret is asked for. @default 'absent' */
  readonly onRotate?: Presence;
  /** What counts when a new subscription does not say. */
  readonly fallback?: unknown;
  /** Which property of a subscription its value ends up in, so that objections find their way back. */
  readonly property?: keyof NewSubscription | keyof SecretRotation | keyof Preferences;
  /** A value that came as text, as forms and queries have it. @default the text itself */
  readonly fromText?: (text: unknown) => unknown;
  /** Puts the value into the draft. @param current what the subscription is now, unless it is new */
  readonly take: (value: never, draft: Draft, contract: Contract, current?: Subscription) => void;
}

/** One field of a contract: how it is shown and how it is taken. One that is not taken is the system's own. */
export interface Field {
  readonly shown?: ShownField;
  readonly taken?: TakenField;
  /** The fields inside it, where it is an object. */
  readonly parts?: Fields;
}

/** The fields of a contract by name, in the order they are shown in. */
export type Fields = Readonly<Record<string, Field>>;

/** What can be said of a field that callers may send. */
export interface TakenOptions {
  /** Whether a new subscription has to say it. @default true where there is no other value */
  readonly required?: boolean;
  /** Whether only a new subscription may say it. @default false */
  readonly onlyOnCreate?: boolean;
}

/** When a field that callers may send has to be there. */
export function presence({ required = false, onlyOnCreate = false }: TakenOptions) {
  const onCreate: Presence = required ? 'required' : 'optional';
  const onUpdate: Presence = onlyOnCreate ? 'absent' : 'optional';
  return { onCreate, onUpdate };
}
