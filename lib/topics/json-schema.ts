/** A JSON Schema, dialect 2020-12: what is looked into here, and whatever else it says. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

const BY_NAME = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];
const IN_A_LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const ALONE = ['items', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'contains'].concat([
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]);

/** A schema with every schema that is directly in it changed; what only looks like one, such as an example, is left alone. */
export function mapSubschemas(schema: JsonSchema, change: (subschema: JsonSchema) => JsonSchema): JsonSchema {
  const changed = (value: unknown) => (isSchema(value) ? change(value) : value);
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (BY_NAME.includes(keyword) && isSchema(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, changed(each)]))];
    }
    if (IN_A_LIST.includes(keyword) && Array.isArray(value)) return [keyword, value.map(changed)];
    return [keyword, ALONE.includes(keyword) ? changed(value) : value];
  });
  return Object.fromEntries(entries);
}

/** Whether a value may be a schema that says something: `true` and `false` are schemas too, and say nothing. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A schema that says all but this. */
export function without(schema: JsonSchema, ...keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
