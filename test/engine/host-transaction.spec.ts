import { runIn, UnknownTransactionError, type HostTransaction } from '../../lib/publishing/host-transaction';

const insertion = { sql: 'INSERT INTO t VALUES (?, ?)', nativeSql: 'INSERT INTO t VALUES ($1, $2)', params: ['a', 1] };
const selection = { sql: 'SELECT id FROM t WHERE a = ?', nativeSql: 'SELECT id FROM t WHERE a = $1', params: ['a'] };

describe("A statement in the host's transaction", () => {
  it.each<[string, (run: jest.Mock) => HostTransaction, unknown[]]>([
    ['what has query()', (query) => ({ query }), [insertion.nativeSql, ['a', 1]]],
    ['a function', (run) => run, [insertion.nativeSql, ['a', 1]]],
    ['a Knex transaction', (raw) => ({ raw }), [insertion.sql, ['a', 1]]],
    [
      'a Prisma transaction',
      (run) => ({ $executeRawUnsafe: run, $queryRawUnsafe: jest.fn() }),
      [insertion.nativeSql, 'a', 1],
    ],
  ])('is run by %s as that wants it', async (_, handle, expected) => {
    const run = jest.fn().mockResolvedValue(1);
    await runIn(handle(run), insertion);
    expect(run.mock.calls).toEqual([expected]);
  });

  it('asks Prisma for rows where it selects', async () => {
    const select = jest.fn().mockResolvedValue([{ id: '1' }]);
    await runIn({ $executeRawUnsafe: jest.fn(), $queryRawUnsafe: select }, selection);
    expect(select.mock.calls).toEqual([[selection.nativeSql, 'a']]);
  });

  it('is refused by what cannot run one', () => {
    expect(() => runIn({} as HostTransaction, insertion)).toThrow(UnknownTransactionError);
  });
});
