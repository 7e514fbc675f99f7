import { IsOptional } from 'class-validator';
import type { Preferences } from '../../subscriptions/preferences';
import { presence, type Draft, type Field, type TakenOptions } from '../field';
import type { ApiSchemaDescription } from '../generated/openapi';
import { flagFromText, IsFlag, IsOneOf, IsText, IsTextRecord, type RecordLimits } from '../rules';

/** What may be said of a field whose value is only kept and shown again. */
export interface StoredOptions<Value> extends TakenOptions {
  /** @default it has to be said, unless `required` is false; then it is null */
  readonly default?: Value;
  readonly description?: string;
}

export type PreferenceOptions = TakenOptions & Pick<StoredOptions<unknown>, 'description'>;

export interface StoredKind {
  readonly schema: ApiSchemaDescription;
  readonly rules: readonly PropertyDecorator[];
  readonly fromText?: (text: unknown) => unknown;
}

/** Text that the contract keeps under this name. */
export function text(name: string, options: StoredOptions<string> & { readonly longest?: number } = {}): Field {
  const { longest = 1_000 } = options;
  return stored(name, { schema: { type: String, maxLength: longest }, rules: [IsText(0, longest)] }, options);
}

/** One of a few texts, kept under this name. */
export function choice(name: string, choices: readonly string[], options: StoredOptions<string> = {}): Field {
  return stored(name, { schema: { type: String, enum: [...choices] }, rules: [IsOneOf(choices)] }, options);
}

/** A switch that the contract keeps under this name. */
export function flag(name: string, options: StoredOptions<boolean> = {}): Field {
  return stored(name, { schema: { type: Boolean }, rules: [IsFlag()], fromText: flagFromText }, options);
}

/** Texts by name, kept under this name. */
export function textRecord(name: string, limits: RecordLimits, options: StoredOptions<object> = {}): Field {
  return stored(name, { schema: recordSchema(limits), rules: [IsTextRecord(limits)] }, { default: {}, ...options });
}

/** What its owner calls it. */
export function description(options: { readonly longest?: number } = {}): Field {
  const { longest = 1_000 } = options;
  const schema = { type: String, nullable: true, description: 'What the owner calls it; null for nothing.' };
  return {
    shown: { schema, value: (subscription) => subscription.description },
    taken: {
      schema: { ...schema, maxLength: longest },
      rules: [IsOptional(), IsText(0, longest)],
      ...presence({}),
      property: 'description',
      take: (value: string | null, draft) => void (draft.description = value),
    },
  };
}

const METADATA: RecordLimits = { entries: 50, keyLength: 40, valueLength: 500 };

/** What its owner wants to remember of it. */
export function metadata(): Field {
  const described = `What the owner wants to remember of it: up to ${METADATA.entries} texts by name.`;
  const schema = { ...recordSchema(METADATA), description: described };
  return {
    shown: { schema, value: (subscription) => subscription.metadata },
    taken: {
      schema,
      rules: [IsTextRecord(METADATA)],
      ...presence({}),
      property: 'metadata',
      take: (value: Record<string, string>, draft) => void (draft.metadata = value),
    },
  };
}

/** Something that the contract keeps under a name. */
export function stored<Value>(name: string, kind: StoredKind, options: StoredOptions<Value>): Field {
  const optional = options.required === false && options.default === undefined;
  const described = { ...kind.schema, description: options.description };
  const schema = optional ? nullable(described) : described;
  return {
    shown: { schema, value: ({ settings }) => settings[name] ?? options.default ?? null },
    taken: {
      schema: { ...schema, default: options.default },
      rules: optional ? [IsOptional(), ...kind.rules] : kind.rules,
      ...presence({ required: options.default === undefined, ...options }),
      fallback: options.default,
      fromText: kind.fromText,
      property: 'settings',
      take: (value: unknown, draft: Draft) => void (draft.settings = { ...draft.settings, [name]: value }),
    },
  };
}

/**
 * How the owner of a subscription wants its deliveries: one of its preferences; null, where it is not said, is as the
 * contract has it.
 */
export function preference(name: keyof Preferences, kind: StoredKind, options: PreferenceOptions = {}): Field {
  const schema = nullable({ ...kind.schema, description: options.description });
  return {
    shown: { schema, value: ({ preferences }) => preferences[name] ?? null },
    taken: {
      schema,
      rules: [IsOptional(), ...kind.rules],
      ...presence(options),
      fromText: kind.fromText,
      property: name,
      take: (value: unknown, draft: Draft) =>
        void (draft.preferences = { ...draft.preferences, [name]: value ?? undefined }),
    },
  };
}

/** Null is one of the values of an enumeration only where it is among them. */
function nullable(schema: ApiSchemaDescription): ApiSchemaDescription {
  const { enum: values } = schema;
  return { ...schema, nullable: true, ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }) };
}

export function recordSchema({ entries, valueLength }: RecordLimits): ApiSchemaDescription {
  const additionalProperties = { type: 'string', maxLength: valueLength };
  return { type: 'object', additionalProperties, maxProperties: entries };
}
