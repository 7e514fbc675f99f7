/** One parameterised SQL statement. */
export interface Statement {
  /** With `?` for each parameter. */
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A statement for somebody else's connection, whose handle may want the database's own placeholders. */
export interface PortableStatement extends Statement {
  /** The same with placeholders as the database itself wants them, such as `$1`. */
  readonly nativeSql: string;
}
