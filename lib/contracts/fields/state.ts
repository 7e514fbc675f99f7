import type { Subscription } from '../../subscriptions/subscription';
import { presence, type Field, type TakenOptions } from '../field';
import type { TimeFormat } from '../times';
import { flagFromText, IsFlag, IsOneOf, IsText } from '../rules';

/** Why a subscription is suspended that has not passed the handshake of its contract. */
export const UNVERIFIED = 'unverified';
/** Why a subscription is suspended whose owner said the word for that. */
export const SUSPENDED_BY_OWNER = 'owner';

export interface EnabledOptions extends TakenOptions {
  /** What counts when a new subscription does not say. @default that it works */
  readonly default?: boolean;
  readonly description?: string;
  /** Whether turning it on ends a suspension as well. @default false: only a route to `resume` does, and the host */
  readonly resumes?: boolean;
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
  const { default: fallback, description, resumes = false, ...taken } = options;
  const schema = { type: Boolean, description };
  return {
    shown: { schema, value: (subscription) => turned(subscription.enabled) },
    taken: {
      schema: { ...schema, default: fallback },
      rules: [IsFlag()],
      ...presence(taken),
      fallback,
      property: 'enabled',
      fromText: flagFromText,
      take: (value: boolean, draft) => {
        draft.enabled = turned(value);
        draft.resumes = resumes && draft.enabled;
      },
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

export interface StateOptions extends TakenOptions {
  /** @default false */
  readonly readOnly?: boolean;
  /** Whether owners may say the word for suspended as well, and so turn it off in the system's manner. @default false */
  readonly suspendable?: boolean;
}

/**
 * Whether it gets anything, in a word. Owners may say the words for active and disabled. What is disabled says so even
 * where it is suspended too; to say active ends both.
 */
export function state(names: StateNames, options: StateOptions = {}): Field {
  const { readOnly = false, suspendable = false, ...presences } = options;
  const { active, disabled: off, suspended = off } = names;
  const schema = { type: String, enum: [...new Set(Object.values(names))] };
  const choices = [...new Set([active, off, ...(suspendable ? [suspended] : [])])];
  const taken: Field['taken'] = {
    schema: { type: String, enum: choices, default: active },
    rules: [IsText(1, 40), IsOneOf(choices)],
    ...presence(presences),
    fallback: active,
    property: 'enabled',
    take: (value: string, draft, _, current) => {
      draft.enabled = value !== off;
      draft.resumes = value === active;
      if (draft.enabled && value !== active && !current?.suspendedAt) draft.suspendedReason = SUSPENDED_BY_OWNER;
    },
  };
  return {
    shown: { schema, value: (subscription) => stateOf(subscription, names) },
    ...(!readOnly && { taken }),
  };
}

function stateOf({ enabled: on, suspendedAt, suspendedReason }: Subscription, names: StateNames): string {
  const { active, disabled: off, suspended = off, unverified = suspended } = names;
  if (!on) return off;
  if (suspendedAt === null) return active;
  return suspendedReason?.startsWith(UNVERIFIED) ? unverified : suspended;
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
