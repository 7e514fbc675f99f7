/** Integers come back as text from Postgres. */
export type DatabaseInteger = number | string;

export function integer(value: DatabaseInteger): number {
  return Number(value);
}

export function integerOrNull(value: DatabaseInteger | null): number | null {
  return value === null ? null : Number(value);
}
