import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Subscription } from '../../subscriptions/subscription';
import type { Field } from '../field';
import { isRecord, IsTextRecord, rule, type RecordLimits } from '../rules';
import { recordSchema, stored, type StoredOptions } from './stored';

const LIMITS: RecordLimits = { entries: 20, keyLength: 100, valueLength: 1_000 };
const RESERVED =
  /^(connection|content-(length|type)|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;
const WHAT_IS_SENDABLE = '$property must have names and values that HTTP allows, and none that frame the request';

/** Headers that the caller wants on every delivery, kept under this name: see {@link copiedHeaders}. */
export function headers(name: string, options: StoredOptions<object> = {}): Field {
  const rules = [IsTextRecord(LIMITS), rule('headers', areSendable, WHAT_IS_SENDABLE)];
  return stored(name, { schema: recordSchema(LIMITS), rules }, { default: {}, ...options });
}

/** What the members of one header in a list are called. */
export interface HeaderMembers {
  /** @default 'name' */
  readonly name?: string;
  /** @default 'value' */
  readonly value?: string;
  /** Whether answers show what a header holds, and not only its name. @default true */
  readonly valuesShown?: boolean;
}

/** The same as {@link headers}, as a list such as `[{"key": "X-Team", "value": "ours"}]`. */
export function headerList(name: string, members: HeaderMembers = {}): Field {
  const { name: nameMember = 'name', value: valueMember = 'value', valuesShown = true } = members;
  const text = { type: 'string' };
  const listed = (...required: string[]) => ({
    type: 'array' as const,
    items: { type: 'object', required, properties: Object.fromEntries(required.map((member) => [member, text])) },
  });
  const entries = (list: unknown) =>
    (list as Record<string, string>[]).map((each) => [each[nameMember], each[valueMember]]);
  const isList = (list: unknown) =>
    Array.isArray(list) && list.every(isRecord) && list.length <= LIMITS.entries && entries(list).every(isTexts);
  const sendable = (list: unknown) => isList(list) && areSendable(Object.fromEntries(entries(list)));
  const shape = `$property must be a list of at most ${LIMITS.entries} objects with "${nameMember}" and "${valueMember}"`;
  return {
    shown: {
      schema: valuesShown ? listed(nameMember, valueMember) : listed(nameMember),
      value: (subscription) =>
        Object.entries(copiedHeaders(subscription, name)).map(([header, value]) => ({
          [nameMember]: header,
          ...(valuesShown && { [valueMember]: value }),
        })),
    },
    taken: {
      ...headers(name).taken!,
      schema: { ...listed(nameMember, valueMember), maxItems: LIMITS.entries },
      rules: [rule('headers', isList, shape), rule('headers', sendable, WHAT_IS_SENDABLE)],
      fallback: [],
      take: (list: object[], draft) =>
        void (draft.settings = { ...draft.settings, [name]: Object.fromEntries(entries(list)) as object }),
    },
  };
}

/** The headers that a caller wanted on every delivery. What the host's own code has stored unchecked is left out here. */
export function copiedHeaders({ settings }: Pick<Subscription, 'settings'>, name: string): Record<string, string> {
  const wanted = Object.entries((settings[name] ?? {}) as Record<string, string>);
  return Object.fromEntries(wanted.filter(isSendable));
}

function isTexts([name, value]: unknown[]): boolean {
  return isShort(name, LIMITS.keyLength) && isShort(value, LIMITS.valueLength);
}

function isShort(text: unknown, longest: number): boolean {
  return typeof text === 'string' && text.length <= longest;
}

function areSendable(headers: unknown): boolean {
  return isRecord(headers) && Object.entries(headers).every(isSendable);
}

function isSendable([name, value]: [string, unknown]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    // The libraries that send keep headers as properties of objects.
    return !RESERVED.test(name) && !(name in Object.prototype);
  } catch {
    return false;
  }
}
