import { DEEPEST_BODY, NestedTooDeeplyError } from './nesting';
import { isRecord } from '../rules';

const PATH = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

/**
 * A form as objects and lists. Express expands `a[b]` itself and Fastify leaves it as a name: both come out alike.
 * @throws NestedTooDeeplyError
 */
export function expandForm(body: unknown): unknown {
  const expanded = emptyRecord();
  for (const [name, value] of Object.entries(isRecord(body) ? body : {})) place(expanded, pathOf(name), value);
  return withLists(expanded);
}

function pathOf(name: string): string[] {
  if (name.split('[').length > DEEPEST_BODY) throw new NestedTooDeeplyError();
  const [, first, rest] = PATH.exec(name) ?? [];
  if (first === undefined) return [name];
  return [first, ...[...rest!.matchAll(/\[([^[\]]*)\]/g)].map(([, key]) => key!)];
}

function place(target: Record<string, unknown>, [key, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) return void (target[key!] = value);
  if (rest.length === 1 && rest[0] === '') return void (target[key!] = [value].flat());
  const before = Object.hasOwn(target, key!) ? target[key!] : undefined;
  const inner = isRecord(before) ? before : emptyRecord();
  target[key!] = inner;
  place(inner, rest, value);
}

/** Has no names of its own, so that whatever the caller chooses is free. */
function emptyRecord(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** `{ "0": "a", "1": "b" }` is a list. */
function withLists(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withLists(each)] as const);
  const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  return isList ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}
