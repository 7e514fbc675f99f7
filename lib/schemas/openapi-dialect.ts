import { mapSubschemas, type JsonSchema } from '../topics/json-schema';

const ANNOTATIONS = ['title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly', 'example', 'examples'];

/**
 * A schema as OpenAPI 3.0 writes it, in the words of JSON Schema 2020-12, which OpenAPI 3.1 speaks: `nullable` and
 * exclusive bounds that are flags mean nothing there. A schema that is in those words already stays as it is.
 */
export function fromOpenApi(schema: JsonSchema): JsonSchema {
  return nullable(bounded(mapSubschemas(schema, fromOpenApi)));
}

function bounded(schema: JsonSchema): JsonSchema {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const above = bound('minimum', 'exclusiveMinimum', exclusiveMinimum, rest);
  return bound('maximum', 'exclusiveMaximum', exclusiveMaximum, above);
}

function bound(limit: string, exclusive: string, given: unknown, schema: JsonSchema): JsonSchema {
  if (given === undefined || given === false) return schema;
  if (given !== true) return { ...schema, [exclusive]: given };
  const { [limit]: value, ...rest } = schema;
  return { ...rest, ...(value !== undefined && { [exclusive]: value }) };
}

function nullable(schema: JsonSchema): JsonSchema {
  const { nullable: orNull, ...rest } = schema;
  if (orNull !== true) return rest;
  return ['$ref', 'allOf', 'anyOf', 'oneOf'].some((keyword) => keyword in rest)
    ? eitherOrNull(rest)
    : plainOrNull(rest);
}

/** What refers to something else cannot take null in: it stands beside it. */
function eitherOrNull(schema: JsonSchema): JsonSchema {
  const isSaid = ([keyword]: [string, unknown]) => ANNOTATIONS.includes(keyword);
  const entries = Object.entries(schema);
  const either = Object.fromEntries(entries.filter((entry) => !isSaid(entry) && entry[0] !== 'type'));
  return { ...Object.fromEntries(entries.filter(isSaid)), anyOf: [either, { type: 'null' }] };
}

function plainOrNull({ type, enum: values, ...rest }: JsonSchema): JsonSchema {
  const types = type === undefined ? undefined : [...new Set([type, 'null'].flat())];
  const listed = values && { enum: values.includes(null) ? values : [...values, null] };
  return { ...(types && { type: types }), ...rest, ...listed };
}

/** A payload's schema has its examples in a list, as JSON Schema does. */
export function withExampleLists(schema: JsonSchema): JsonSchema {
  const { example, ...rest } = mapSubschemas(schema, withExampleLists);
  return example === undefined || 'examples' in rest ? rest : { ...rest, examples: [example] };
}

/** References into an OpenAPI document, as references into the schema itself. */
export function withOwnDefinitions(schema: JsonSchema): JsonSchema {
  const changed = mapSubschemas(schema, withOwnDefinitions);
  const { $ref } = changed;
  return $ref === undefined ? changed : { ...changed, $ref: $ref.replace(/^#\/components\/schemas\//, '#/$defs/') };
}
