import type { EntityMetadata } from 'typeorm';
import type { JsonSchema } from '../topics/json-schema';
import { isVisible } from './entity-rows';

type ColumnMetadata = EntityMetadata['columns'][number];
/** A schema while it grows. */
interface Building {
  type: string;
  properties: Record<string, JsonSchema | Building>;
  required?: string[];
}

const WHOLE = /^(int|integer|int2|int4|smallint|mediumint|tinyint|year|serial)/;
const REAL = /^(float|double|real)/;
/** Drivers answer these as text, or as numbers, to lose nothing. */
const EXACT = /^(bigint|int8|int64|unsigned big int|decimal|numeric|dec|fixed|number|money)/;
const MOMENT = /^(datetime|timestamp)/;
const TEXT = /(char|text|clob|uuid|string|^date$|^time|^interval|inet|cidr|macaddr|xml)/;

/** What the columns of an entity say of a row that goes out as it is. */
export function rowSchema(metadata: EntityMetadata): JsonSchema {
  const root: Building = { type: 'object', properties: {} };
  for (const column of metadata.columns.filter(isVisible)) {
    const path = column.propertyPath.split('.');
    const name = path.pop()!;
    let within = root;
    for (const part of path) within = (within.properties[part] ??= { type: 'object', properties: {} }) as Building;
    within.properties[name] = columnSchema(column);
    if (!column.isNullable && path.length === 0) (within.required ??= []).push(name);
  }
  return root as JsonSchema;
}

function columnSchema(column: ColumnMetadata): JsonSchema {
  const described = column.comment ? { description: column.comment } : {};
  // Who transforms a value knows what it is like; we do not.
  const schema = column.transformer ? {} : ofType(column);
  const listed: JsonSchema = column.isArray ? { type: 'array', items: schema } : schema;
  return { ...(column.isNullable ? orNull(listed) : listed), ...described };
}

function ofType({ type, enum: values }: ColumnMetadata): JsonSchema {
  if (values && values.length > 0) return { enum: [...values] };
  if (type === String) return { type: 'string' };
  if (type === Number) return { type: 'number' };
  if (type === Boolean || type === 'boolean' || type === 'bool') return { type: 'boolean' };
  if (type === Date) return { type: 'string', format: 'date-time' };
  return typeof type === 'string' ? ofColumnType(type) : {};
}

function ofColumnType(type: string): JsonSchema {
  if (type === 'simple-array') return { type: 'array', items: { type: 'string' } };
  if (MOMENT.test(type)) return { type: 'string', format: 'date-time' };
  if (EXACT.test(type)) return { type: ['string', 'number'] };
  if (WHOLE.test(type)) return { type: 'integer' };
  if (REAL.test(type)) return { type: 'number' };
  return TEXT.test(type) ? { type: 'string' } : {};
}

function orNull({ type, enum: values, ...rest }: JsonSchema): JsonSchema {
  return {
    ...(type !== undefined && { type: [type, 'null'].flat() }),
    ...(values && { enum: [...values, null] }),
    ...rest,
  };
}
