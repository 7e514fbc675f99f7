import { applyDecorators, type Type } from '@nestjs/common';
import { ValidateIf, ValidateNested } from 'class-validator';
import type { Contract } from '../contract';
import type { Field, Fields, Operation, Presence } from '../field';
import { addField } from './filled-forms';
import type { QueryFields } from '../lists/list-format';
import { apiProperty, apiSchema, type ApiSchemaDescription } from './openapi';
import { Given, isRecord, rule } from '../rules';

/** What a request does: says everything of something new, everything anew, only what is to change, or a new secret. */
export type FormPurpose = 'create' | 'replace' | 'update' | 'rotate';

/** The class that a request's fields are checked against, and that the OpenAPI document shows. */
export function formClass(name: string, fields: Fields, purpose: FormPurpose): Type<object> {
  const Form = named(name);
  for (const [property, each] of Object.entries(fields)) {
    if (each.parts)
      declarePart(Form, property, formClass(name + capitalised(property), each.parts, purpose), each.parts, purpose);
    else if (each.taken) declare(Form, property, presenceFor(each, purpose), each.taken);
  }
  return Form;
}

/** The class of what may be asked of a list. */
export function queryClass(name: string, fields: QueryFields): Type<object> {
  const Query = named(name);
  for (const [property, each] of Object.entries(fields)) declare(Query, property, 'optional', each);
  return Query;
}

/** The class of what an operation shows, for the OpenAPI document only. */
export function viewClass(name: string, contract: Contract, operation: Operation, fields: Fields): Type<object> {
  const View = named(name);
  for (const [property, each] of Object.entries(fields)) {
    const schema = each.parts
      ? { type: () => viewClass(name + capitalised(property), contract, operation, each.parts!) }
      : schemaOfShown(each, contract, operation);
    if (schema) apiProperty(schema as ApiSchemaDescription)(View.prototype as object, property);
  }
  return View;
}

/** Whether an operation shows what deliveries are signed with. */
export function showsSecret(fields: Fields, operation: Operation): boolean {
  return Object.values(fields).some(({ shown, parts }) => {
    if (parts) return showsSecret(parts, operation);
    return shown?.confidential === true && (shown.in ?? [operation]).includes(operation);
  });
}

/** Whether an operation shows exactly what another shows. */
export function showAlike(fields: Fields, one: Operation, other: Operation): boolean {
  return Object.values(fields).every(({ shown, parts }) => {
    const alike = !shown?.in || shown.in.includes(one) === shown.in.includes(other);
    return alike && (!parts || showAlike(parts, one, other));
  });
}

function schemaOfShown({ shown }: Field, { description }: Contract, operation: Operation) {
  if (!shown || (shown.in && !shown.in.includes(operation))) return undefined;
  const schema = Object.keys(shown.schema).length === 0 ? description.identity.schema : shown.schema;
  return shown.optional ? { ...schema, required: false } : schema;
}

function declare(
  Form: Type<object>,
  property: string,
  presence: Presence,
  { schema, rules }: { readonly schema: ApiSchemaDescription; readonly rules: readonly PropertyDecorator[] },
): void {
  if (presence === 'absent') return;
  addField(Form, property);
  decorate(Form, property, presence, schema, ...rules);
}

function declarePart(
  Form: Type<object>,
  property: string,
  Part: Type<object>,
  parts: Fields,
  purpose: FormPurpose,
): void {
  const presences = Object.values(parts).flatMap((part) => presencesWithin(part, purpose));
  if (presences.every((presence) => presence === 'absent')) return;
  const isObject = rule('object', isRecord, '$property must be an object');
  const rules = [isObject, ValidateNested()];
  const presence = presences.includes('required') ? 'required' : 'optional';
  addField(Form, property, Part);
  decorate(Form, property, presence, { type: () => Part } as unknown as ApiSchemaDescription, ...rules);
}

function presencesWithin(field: Field, purpose: FormPurpose): Presence[] {
  if (field.parts) return Object.values(field.parts).flatMap((part) => presencesWithin(part, purpose));
  return [presenceFor(field, purpose)];
}

function presenceFor({ taken }: Field, purpose: FormPurpose): Presence {
  if (!taken) return 'absent';
  if (purpose === 'create') return taken.onCreate;
  if (purpose === 'rotate') return taken.onRotate ?? 'absent';
  return purpose === 'update' || taken.onUpdate === 'absent' ? taken.onUpdate : taken.onCreate;
}

/** The most telling rule first. What is optional may be left out, and is null only where its rules say so. */
function decorate(
  Form: Type<object>,
  property: string,
  presence: Presence,
  schema: ApiSchemaDescription,
  ...rules: PropertyDecorator[]
): void {
  const first = presence === 'required' ? Given() : ValidateIf((_, value: unknown) => value !== undefined);
  const described = apiProperty({ ...schema, required: presence === 'required' });
  applyDecorators(first, ...rules, described)(Form.prototype as object, property);
}

function named(name: string): Type<object> {
  const { [name]: Named } = { [name]: class {} };
  apiSchema(name)(Named!);
  return Named!;
}

function capitalised(name: string): string {
  return name.replace(/(^|[_-])(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
