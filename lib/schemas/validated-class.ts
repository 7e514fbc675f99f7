import 'reflect-metadata';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { JsonSchema } from '../topics/json-schema';
import type { PayloadType } from '../topics/topic';
import { keywordsOf } from './validator-keywords';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Class = PayloadType<object>;

const DESIGNED = new Map<unknown, JsonSchema>([
  [String, { type: 'string' }],
  [Number, { type: 'number' }],
  [Boolean, { type: 'boolean' }],
  [Array, { type: 'array' }],
  [Date, { type: 'string', format: 'date-time' }],
]);

/** Whether class-validator has anything to check of a class. */
export function isValidated(type: Class): boolean {
  return rulesOf(type).length > 0;
}

/** What class-validator's decorators say of a class, nested classes among its definitions; undefined where there are none. */
export function validatedSchema(type: Class): JsonSchema | undefined {
  if (!isValidated(type)) return undefined;
  const definitions = new Map<string, { readonly type: Class; schema: JsonSchema }>();
  const schema = schemaOf(type, (nested) => reference(nested, type, definitions));
  const entries = [...definitions].map(([name, { schema: its }]) => [name, its] as const);
  return entries.length === 0 ? schema : { ...schema, $defs: Object.fromEntries(entries) };
}

function reference(
  type: Class,
  root: Class,
  definitions: Map<string, { readonly type: Class; schema: JsonSchema }>,
): JsonSchema {
  if (type === root) return { $ref: '#' };
  let name = type.name;
  while (definitions.has(name) && definitions.get(name)!.type !== type) name += '_';
  if (!definitions.has(name)) {
    const definition = { type, schema: {} as JsonSchema };
    // Known before it is described, because it may contain itself.
    definitions.set(name, definition);
    definition.schema = schemaOf(type, (nested) => reference(nested, root, definitions));
  }
  return { $ref: `#/$defs/${name}` };
}

function schemaOf(type: Class, referTo: (type: Class) => JsonSchema): JsonSchema {
  const byName = Object.entries(getMetadataStorage().groupByPropertyName(rulesOf(type)));
  const properties = byName.map(([name, rules]) => [name, propertySchema(type, name, rules, referTo)] as const);
  const required = byName.filter(([, rules]) => isRequired(rules)).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

function propertySchema(type: Class, name: string, rules: readonly Rule[], referTo: (type: Class) => JsonSchema) {
  const designed: unknown = Reflect.getMetadata('design:type', type.prototype as object, name);
  const nested = rules.find((rule) => rule.type === ValidationTypes.NESTED_VALIDATION);
  const inner = nested ? nestedSchema(type, name, designed, referTo) : {};
  const listed = designed === Array || rules.some((rule) => rule.each || rule.name === 'isArray');
  const ofItems: JsonSchema = { ...said(rules.filter(({ each }) => each)), ...(listed && inner) };
  const own = { ...said(rules.filter(({ each }) => !each)), ...(!listed && inner) };
  const described: JsonSchema = {
    ...('enum' in own || 'const' in own || '$ref' in own ? {} : DESIGNED.get(designed)),
    ...own,
    ...(listed && { type: 'array' }),
    ...(Object.keys(ofItems).length > 0 && { items: ofItems }),
  };
  return rules.some((rule) => rule.name === 'isOptional') ? orNull(described) : described;
}

function said(rules: readonly Rule[]): JsonSchema {
  const keywords = rules.map((rule) => keywordsOf(rule.name, rule.constraints as unknown[]));
  return Object.assign({}, ...keywords) as JsonSchema;
}

function nestedSchema(type: Class, name: string, designed: unknown, referTo: (type: Class) => JsonSchema): JsonSchema {
  const transformed = typeByTransformer(type, name);
  const nested = transformed ?? (typeof designed === 'function' && !DESIGNED.has(designed) ? designed : undefined);
  return nested !== undefined && nested !== Object && isValidated(nested as Class)
    ? referTo(nested as Class)
    : { type: 'object' };
}

/** `@IsOptional()` lets null pass. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values, ...rest } = schema;
  if ('$ref' in schema || 'const' in schema) return { anyOf: [schema, { type: 'null' }] };
  const types = type === undefined ? {} : { type: [type, 'null'].flat() };
  return { ...types, ...(values && { enum: [...values, null] }), ...rest };
}

/** `@IsOptional()` and `@ValidateIf()` let it be missing, and a property that is only allowed may be. */
function isRequired(rules: readonly Rule[]): boolean {
  const demanding = rules.filter(({ type }) => type !== ValidationTypes.WHITELIST);
  return demanding.length > 0 && !demanding.some(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
}

function rulesOf(type: Class): Rule[] {
  return getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
}

interface TransformerStorage {
  findTypeMetadata(type: Class, name: string): { readonly typeFunction?: () => unknown } | undefined;
}

/** What class-transformer's `@Type()` says; class-transformer shows its metadata nowhere else. */
function typeByTransformer(type: Class, name: string): unknown {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may move, which an import cannot express
    const { defaultMetadataStorage } = require('class-transformer/cjs/storage') as {
      defaultMetadataStorage: TransformerStorage;
    };
    return defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction?.();
  } catch {
    return undefined;
  }
}
