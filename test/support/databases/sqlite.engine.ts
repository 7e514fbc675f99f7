import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from './engine';

export class SqliteEngine extends Engine {
  readonly kind = 'sqlite';

  protected async make(databaseName: string): Promise<string> {
    await mkdir(directoryOf(databaseName), { mode: 0o700 });
    return `sqlite:${join(directoryOf(databaseName), 'database.sqlite')}`;
  }

  protected async remove(databaseName: string): Promise<void> {
    await rm(directoryOf(databaseName), { recursive: true, force: true });
  }
}

// A directory of its own, so that the journal and write-ahead files go away with the database.
function directoryOf(databaseName: string): string {
  return join(tmpdir(), databaseName);
}
