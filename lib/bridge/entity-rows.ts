import type { EntityMetadata, ObjectLiteral } from 'typeorm';

type ColumnMetadata = EntityMetadata['columns'][number];

/**
 * A whole row from what TypeORM hands to a subscriber: the entity as far as it was loaded or changed, over what the
 * database held before.
 */
export function completeRow(
  metadata: EntityMetadata,
  entity: ObjectLiteral | undefined,
  before: ObjectLiteral | undefined,
): ObjectLiteral {
  const row = Object.assign(emptyRow(metadata), before, entity);
  for (const column of metadata.columns) {
    const value: unknown = entity && column.getEntityValue(entity);
    if (value === undefined && before) column.setEntityValue(row, column.getEntityValue(before));
  }
  return row;
}

function emptyRow({ target }: EntityMetadata): ObjectLiteral {
  return Object.create(typeof target === 'function' ? (target.prototype as object) : null) as ObjectLiteral;
}

/** The columns of a row that may be shown: all but those that are hidden from ordinary queries too. */
export function visibleColumns(metadata: EntityMetadata, row: ObjectLiteral): object {
  const payload: Record<string, unknown> = {};
  for (const column of metadata.columns.filter(isVisible)) setByPath(payload, column, row);
  return payload;
}

/** Whether a column is shown. */
export function isVisible({ isSelect, isVirtual, isDiscriminator }: ColumnMetadata): boolean {
  return isSelect && !isVirtual && !isDiscriminator;
}

/** The primary key of a row as text; undefined where a part of it is unknown. */
export function primaryKey(metadata: EntityMetadata, row: ObjectLiteral): string | undefined {
  const values = metadata.primaryColumns.map((column) => column.getEntityValue(row) as unknown);
  return values.some((value) => value === undefined || value === null) ? undefined : values.join(',');
}

function setByPath(payload: Record<string, unknown>, column: ColumnMetadata, row: ObjectLiteral): void {
  const path = column.propertyPath.split('.');
  const last = path.pop()!;
  let target = payload;
  for (const part of path) target = (target[part] ??= {}) as Record<string, unknown>;
  target[last] = column.getEntityValue(row) as unknown;
}
