import { DEEPEST_BODY, NestedTooDeeplyError } from './nesting';
import { isRecord } from './rules';

const PATH = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A form as objects and lists. Express expands `a[b]` itself and Fastify leaves it as a name: both come out alike.
 * @throws NestedTooDeeplyError
 */
export function expandForm(body: unknown): unknown {
  const expanded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(isRecord(body) ? body : {})) {
    const path = pathOf(name);
    if (!path.some((key) => FORBIDDEN.has(key))) place(expanded, path, value);
  }
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
  const inner = isRecord(target[key!]) ? (target[key!] as Record<string, unknown>) : {};
  target[key!] = inner;
  place(inner, rest, value);
}

/** `{ "0": "a", "1": "b" }` is a list. */
function withLists(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withLists(each)] as const);
  const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  return isList ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}
