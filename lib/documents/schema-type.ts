import { isSchema, type JsonSchema } from '../topics/json-schema';

/** Answers the name of the type that a reference leads to; undefined where it leads nowhere. */
export type NameOf = (reference: string) => string | undefined;

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/**
 * A JSON Schema as a TypeScript type: properties, lists, tuples, choices, unions, intersections and references. Whatever else
 * narrows a value down (patterns, bounds, `not`, `if`) is left out, and what says nothing that is known here is `unknown`.
 */
export function typeOf(schema: unknown, nameOf: NameOf, indent = ''): string {
  if (!isSchema(schema) || Object.keys(schema).length === 0) return schema === false ? 'never' : 'unknown';
  const parts = [
    ...(typeof schema.$ref === 'string' ? [nameOf(schema.$ref) ?? 'unknown'] : []),
    ...own(schema, nameOf, indent),
    ...(schema.allOf ?? []).map((each) => typeOf(each, nameOf, indent)),
    ...[schema.anyOf, schema.oneOf].flatMap((each) =>
      each ? [union(each.map((one) => typeOf(one, nameOf, indent)))] : [],
    ),
  ];
  const known = [...new Set(parts)].filter((part) => part !== 'unknown');
  if (known.length === 0) return 'unknown';
  return known.length === 1 ? known[0]! : known.map(inBrackets).join(' & ');
}

function own(schema: JsonSchema, nameOf: NameOf, indent: string): string[] {
  if ('const' in schema) return [literal(schema.const)];
  if (Array.isArray(schema.enum)) return [union(schema.enum.map(literal))];
  const types = [schema.type ?? impliedBy(schema)].flat();
  const known = types.filter((type) => type !== undefined);
  return known.length === 0 ? [] : [union(known.map((type) => ofKind(type, schema, nameOf, indent)))];
}

function impliedBy({ properties, items, prefixItems }: JsonSchema): string | undefined {
  if (properties) return 'object';
  return items !== undefined || prefixItems ? 'array' : undefined;
}

function ofKind(kind: string, schema: JsonSchema, nameOf: NameOf, indent: string): string {
  if (kind === 'object') return objectType(schema, nameOf, indent);
  if (kind === 'array') return listType(schema, nameOf, indent);
  return PRIMITIVES[kind] ?? 'unknown';
}

function listType({ items, prefixItems }: JsonSchema, nameOf: NameOf, indent: string): string {
  if (!prefixItems) return `${inBrackets(typeOf(items, nameOf, indent))}[]`;
  const first = prefixItems.map((each) => typeOf(each, nameOf, indent));
  const others = items === false ? [] : [`...${inBrackets(typeOf(items, nameOf, indent))}[]`];
  return `[${[...first, ...others].join(', ')}]`;
}

function objectType(schema: JsonSchema, nameOf: NameOf, indent: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties);
  const others = isSchema(additionalProperties) ? typeOf(additionalProperties, nameOf, indent) : 'unknown';
  if (names.length === 0) return `Record<string, ${others}>`;
  const inner = `${indent}  `;
  const members = names.flatMap((name) => {
    const property = properties[name]!;
    const optional = required.includes(name) ? '' : '?';
    return [...comment(property, inner), `${inner}${key(name)}${optional}: ${typeOf(property, nameOf, inner)};`];
  });
  return ['{', ...members, `${indent}}`].join('\n');
}

/** What a schema says of itself, above what it is. */
export function comment({ description, deprecated }: JsonSchema, indent = ''): string[] {
  const sentences = [
    ...(typeof description === 'string' ? [description.replaceAll('*/', '*\\/').replace(/\s+/g, ' ').trim()] : []),
    ...(deprecated === true ? ['@deprecated'] : []),
  ];
  return sentences.length === 0 ? [] : [`${indent}/** ${sentences.join(' ')} */`];
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.length === 0) return 'never';
  return distinct.includes('unknown') ? 'unknown' : distinct.join(' | ');
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return value === null || ['number', 'boolean'].includes(typeof value) ? String(value) : 'unknown';
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** As source: others wrote the text, and it must not end its quotes. */
export function quoted(value: string): string {
  const inside = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

function inBrackets(type: string): string {
  return / [|&] /.test(type) && !type.startsWith('{') ? `(${type})` : type;
}
