import { IsOptional } from 'class-validator';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Subscription } from '../../subscriptions/subscription';
import { presence, type Draft, type Field, type TakenOptions } from '../field';
import type { ApiSchemaDescription } from '../openapi';
import { IsFlag, IsOneOf, isRecord, IsText, IsTextRecord, rule, type RecordLimits } from '../rules';

/** What may be said of a field whose value is only kept and shown again. */
export interface StoredOptions<Value> extends TakenOptions {
  /** @default it has to be said, unless `required` is false; then it is null */
  readonly default?: Value;
  readonly description?: string;
}

interface StoredKind {
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
  const fromText = (value: unknown) => ({ true: true, false: false })[String(value)] ?? value;
  return stored(name, { schema: { type: Boolean }, rules: [IsFlag()], fromText }, options);
}

/** Texts by name, kept under this name. */
export function textRecord(name: string, limits: RecordLimits, options: StoredOptions<object> = {}): Field {
  return stored(name, { schema: recordSchema(limits), rules: [IsTextRecord(limits)] }, { default: {}, ...options });
}

const HEADERS: RecordLimits = { entries: 20, keyLength: 100, valueLength: 1_000 };
const RESERVED =
  /^(connection|content-(length|type)|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

/** Headers that the caller wants on every delivery, kept under this name: see {@link copiedHeaders}. */
export function headers(name: string, options: StoredOptions<object> = {}): Field {
  const sendable = (value: unknown) => isRecord(value) && Object.entries(value).every(isSendable);
  const rules = [
    IsTextRecord(HEADERS),
    rule('headers', sendable, '$property must have names and values that HTTP allows, and none that frame the request'),
  ];
  return stored(name, { schema: recordSchema(HEADERS), rules }, { default: {}, ...options });
}

/** The headers that a caller wanted on every delivery. What the host's own code has stored unchecked is left out here. */
export function copiedHeaders({ settings }: Pick<Subscription, 'settings'>, name: string): Record<string, string> {
  const wanted = Object.entries((settings[name] ?? {}) as Record<string, string>);
  return Object.fromEntries(wanted.filter(isSendable));
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

function stored<Value>(name: string, kind: StoredKind, options: StoredOptions<Value>): Field {
  const optional = options.required === false && options.default === undefined;
  const schema = { ...kind.schema, description: options.description, nullable: optional || undefined };
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

function recordSchema({ entries, valueLength }: RecordLimits): ApiSchemaDescription {
  const additionalProperties = { type: 'string', maxLength: valueLength };
  return { type: 'object', additionalProperties, maxProperties: entries };
}

function isSendable([name, value]: [string, unknown]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return !RESERVED.test(name);
  } catch {
    return false;
  }
}
