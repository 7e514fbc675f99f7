import type { Subscription } from '../../subscriptions/subscription';
import { presence, type Field, type TakenOptions } from '../field';
import type { TimeFormat } from '../times';
import { IsFlag, IsOneOf, IsText } from '../rules';

/** Why a subscription is suspended that has not passed the handshake of its contract. */
export const UNVERIFIED = 'unverified';

export interface EnabledOptions extends TakenOptions {
  /** What counts when a new subscription does not say. @default that it works */
  readonly default?: boolean;
  readonly description?: string;
}

/** The owner's own switch. */
export function enabled(options: EnabledOptions = {}): Field {
  return ownersSwitch((on) => on, { default: true, description: "The owner's own switch.", ...options });
}

/** The owner's own switch the other way round, such as `disabled`, `paused` or `muted`. @param options false by default */
export function disabled(options: EnabledOptions = {}): Field {
  return ownersSwitch((off) => !off, { default: false, description: "The owner's own switch.", ...options });
}

function ownersSwitch(turned: (value: boolean) => boolean, options: EnabledOptions): Field {
  const { default: fallback, description, ...taken } = options;
  const schema = { type: Boolean, description };
  return {
    shown: { schema, value: (subscription) => turned(subscription.enabled) },
    taken: {
      schema: { ...schema, default: fallback },
      rules: [IsFlag()],
      ...presence(taken),
      fallback,
      property: 'enabled',
      fromText: (text) => ({ true: true, false: false })[String(text)] ?? text,
      take: (value: boolean, draft) => void (draft.enabled = turned(value)),
    },
  };
}

/** What a contract calls the states of a subscription. Several may have the same name. */
export interface StateNames {
  readonly active: string;
  /** Turned off by its owner. */
  readonly disabled: string;
  /** Turned off by the system. @default that of `disabled` */
  readonly suspended?: string;
  /** Has not passed the handshake. @default that of `suspended` */
  readonly unverified?: string;
}

/** Whether it gets anything, in a word. Owners may say the words for active and disabled. */
export function state(names: StateNames, options: TakenOptions & { readonly readOnly?: boolean } = {}): Field {
  const schema = { type: String, enum: [...new Set(Object.values(names))] };
  const choices = [names.active, names.disabled];
  const taken: Field['taken'] = {
    schema: { type: String, enum: choices, default: names.active },
    rules: [IsText(1, 40), IsOneOf(choices)],
    ...presence(options),
    fallback: names.active,
    property: 'enabled',
    take: (value: string, draft) => void (draft.enabled = value === names.active),
  };
  return {
    shown: { schema, value: (subscription) => stateOf(subscription, names) },
    ...(!options.readOnly && { taken }),
  };
}

function stateOf({ enabled: on, suspendedAt, suspendedReason }: Subscription, names: StateNames): string {
  const { active, disabled, suspended = disabled, unverified = suspended } = names;
  if (suspendedAt !== null) return suspendedReason?.startsWith(UNVERIFIED) ? unverified : suspended;
  return on ? active : disabled;
}

/** Null while the owner lets it work, and otherwise when it last changed. */
export function disabledAt(format: TimeFormat): Field {
  return {
    shown: {
      schema: { ...format.schema, nullable: true },
      value: ({ enabled: on, updatedAt: at }) => (on ? null : format.write(at)),
    },
  };
}

/** When the system turned it off; null while it works. */
export function suspendedAt(format: TimeFormat): Field {
  return {
    shown: {
      schema: { ...format.schema, nullable: true, description: 'When the system turned it off.' },
      value: ({ suspendedAt: at }) => (at === null ? null : format.write(at)),
    },
  };
}

/** Why the system turned it off; null while it works. */
export function suspendedReason(): Field {
  const schema = { type: String, nullable: true, description: 'Why the system turned it off.', example: 'gone' };
  return { shown: { schema, value: (subscription) => subscription.suspendedReason } };
}

export function createdAt(format: TimeFormat): Field {
  return { shown: { schema: format.schema, value: (subscription) => format.write(subscription.createdAt) } };
}

export function updatedAt(format: TimeFormat): Field {
  return { shown: { schema: format.schema, value: (subscription) => format.write(subscription.updatedAt) } };
}
