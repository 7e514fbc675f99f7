import type { FieldObjection } from '../../subscriptions/subscription-errors';

/** The schema of what {@link byField} makes. */
export const schemaByField = {
  type: 'object',
  additionalProperties: { type: 'array', items: { type: 'string' } },
};

/** What is said of each field, as lists by the field's name. */
export function byField(
  objections: readonly FieldObjection[],
  sentence: (objection: FieldObjection) => string,
): Record<string, string[]> {
  // Not an object yet: callers choose names, and "constructor" is on every object already.
  const said = new Map<string, string[]>();
  for (const objection of objections) {
    said.set(objection.field, [...(said.get(objection.field) ?? []), sentence(objection)]);
  }
  return Object.fromEntries(said);
}

/** What is said of a field, with another subject than the field's name. */
export function saidOf({ field, message }: FieldObjection, subject: string): string {
  return message.startsWith(`${field} `) ? subject + message.slice(field.length) : message;
}
