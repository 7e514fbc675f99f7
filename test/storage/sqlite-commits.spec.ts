import Sqlite from 'better-sqlite3';
import { SqliteCommits } from '../../lib/storage/sqlite.commits';
import { SqliteStatements } from '../../lib/storage/sqlite.statements';

describe('The writes of one connection to SQLite', () => {
  const executed: string[] = [];
  let handle: Sqlite.Database;
  let commits: SqliteCommits;
  const insert = (...ids: number[]) => ({
    sql: 'INSERT INTO thing (id) VALUES (?)',
    params: [],
    repetitions: ids.map((id) => [id]),
  });
  const stored = () => handle.prepare('SELECT id FROM thing ORDER BY id').pluck().all();

  beforeEach(() => {
    handle = new Sqlite(':memory:', { verbose: (sql) => executed.push(String(sql)) });
    handle.exec('CREATE TABLE thing (id integer PRIMARY KEY CHECK (id < 100))');
    commits = new SqliteCommits(handle, new SqliteStatements(handle), (commit) => Promise.resolve().then(commit));
    executed.length = 0;
  });

  afterEach(() => handle.close());

  it('go in one transaction when they are asked for in one turn of the event loop', async () => {
    await expect(Promise.all([commits.add([insert(1, 2), insert(3)]), commits.add([insert(4)])])).resolves.toEqual([
      [2, 1],
      [1],
    ]);
    expect(executed.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
    expect(stored()).toEqual([1, 2, 3, 4]);
  });

  it('fail alone, and leave nothing of themselves behind', async () => {
    const [bad, good] = await Promise.allSettled([commits.add([insert(1), insert(500)]), commits.add([insert(2)])]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_CHECK' } });
    expect(good).toEqual({ status: 'fulfilled', value: [1] });
    expect(stored()).toEqual([2]);
  });

  it('all fail when the transaction cannot be committed, and the connection is free again', async () => {
    handle.pragma('query_only = 1');
    const results = await Promise.allSettled([commits.add([insert(1)]), commits.add([insert(2)])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(handle.inTransaction).toBe(false);
    handle.pragma('query_only = 0');
    await expect(commits.add([insert(3)])).resolves.toEqual([1]);
  });
});
