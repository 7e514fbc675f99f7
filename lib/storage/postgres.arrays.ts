import type { RowColumn, Value } from './database';

/** A column's values as the text of an array; the driver's own way to write one takes several times as long. */
export function arrayOf({ type }: RowColumn, values: readonly Value[]): string {
  return `{${values.map(type === 'integer' ? plain : quoted).join(',')}}`;
}

function plain(value: Value): string {
  return value === null ? 'NULL' : String(value);
}

function quoted(value: Value): string {
  return value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`;
}
