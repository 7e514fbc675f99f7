import { Client } from 'pg';

type Query = (this: Client, ...parameters: unknown[]) => unknown;

/**
 * Counts what this process asks of Postgres: every call of the driver's `Client.query`, by whoever, on any connection.
 * So BEGIN, COMMIT and every read count as one each, and so does a statement that writes to three tables.
 */
class StatementCount {
  total = 0;
  private listener: ((client: Client, sql: string) => void) | undefined;

  install(): void {
    const prototype = Client.prototype as unknown as { query: Query };
    const query = prototype.query;
    const note = (client: Client, statement: unknown) => this.note(client, statement);
    prototype.query = function (...parameters) {
      note(this, parameters[0]);
      return query.apply(this, parameters);
    };
  }

  /** The texts of the statements on the connection that opens a transaction while `action` runs, from BEGIN to COMMIT. */
  async ofTransaction(action: () => Promise<unknown>): Promise<string[]> {
    const statements: string[] = [];
    let connection: Client | undefined;
    this.listener = (client, sql) => {
      if (sql === 'START TRANSACTION') connection ??= client;
      if (client === connection && statements.at(-1) !== 'COMMIT') statements.push(sql);
    };
    await action();
    this.listener = undefined;
    return statements;
  }

  private note(client: Client, statement: unknown): void {
    this.total += 1;
    if (this.listener) this.listener(client, textOf(statement));
  }
}

function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : (statement as { text: string }).text;
}

export const statementCount = new StatementCount();
