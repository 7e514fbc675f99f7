import type { Type } from '@nestjs/common';
import { isRecord } from '../rules';

/** The fields of each form, with the form of what is inside those that are objects. */
const fieldsOf = new WeakMap<Type<object>, Map<string, Type<object> | undefined>>();

/** Gives a form one more field. @param Inside the form of what is inside it, where it is an object */
export function addField(Form: Type<object>, name: string, Inside?: Type<object>): void {
  fieldsOf.set(Form, new Map(fieldsOf.get(Form)).set(name, Inside));
}

/**
 * A form with its fields as they came. By hand, because class-transformer leaves out at any depth what has a name that
 * every object has, such as "constructor", and owners may call their metadata so.
 */
export function filled(Form: Type<object>, given: Readonly<Record<string, unknown>>): object {
  const form = new Form() as Record<string, unknown>;
  for (const [name, Inside] of fieldsOf.get(Form) ?? []) {
    if (!Object.hasOwn(given, name)) continue;
    const value = given[name];
    form[name] = Inside && isRecord(value) ? filled(Inside, value) : value;
  }
  return form;
}

/** The paths of what came and is no field of the form. */
export function strangersTo(Form: Type<object>, given: Readonly<Record<string, unknown>>, within = ''): string[] {
  const fields = fieldsOf.get(Form) ?? new Map<string, Type<object> | undefined>();
  return Object.entries(given).flatMap(([name, value]) => {
    if (!fields.has(name)) return [within + name];
    const Inside = fields.get(name);
    return Inside && isRecord(value) ? strangersTo(Inside, value, `${within}${name}.`) : [];
  });
}
