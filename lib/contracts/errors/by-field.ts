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
  const said: Record<string, string[]> = {};
  for (const objection of objections) (said[objection.field] ??= []).push(sentence(objection));
  return said;
}
