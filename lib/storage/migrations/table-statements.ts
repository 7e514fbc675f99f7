import type { ColumnTypes } from './column-types';

export interface Index {
  readonly name: string;
  readonly columns: string;
  readonly unique?: true;
  /** Keeps the index small, where the database has partial indexes. */
  readonly condition?: string;
  /** Leaves the index out where it could not be partial. */
  readonly onlyPartial?: true;
}

export interface Table {
  readonly name: string;
  /** As SQL, with what belongs to the whole table at the end. */
  readonly columns: readonly string[];
  readonly indexes: readonly Index[];
}

/**
 * The statements that make a table. They may be run again after an interruption: MySQL commits after each of them.
 */
export function tableStatements(table: Table, t: (name: string) => string, types: ColumnTypes): string[] {
  const name = t(table.name);
  const indexName = (index: Index) => `${name.slice(name.indexOf('.') + 1)}_${index.name}`;
  const unique = (index: Index) => (index.unique ? 'UNIQUE ' : '');
  const key = (index: Index) => `${unique(index)}KEY ${indexName(index)} (${index.columns})`;
  const inline = types.inlineIndexes ? table.indexes.filter(({ onlyPartial }) => !onlyPartial).map(key) : [];
  const separate = table.indexes.map(
    (each) =>
      `CREATE ${unique(each)}INDEX IF NOT EXISTS ${indexName(each)} ON ${name} (${each.columns})` +
      (each.condition === undefined ? '' : ` WHERE ${each.condition}`),
  );
  return [
    `CREATE TABLE IF NOT EXISTS ${name} (${[...table.columns, ...inline].join(', ')})${types.tableSuffix}`,
    ...(types.inlineIndexes ? [] : separate),
  ];
}
