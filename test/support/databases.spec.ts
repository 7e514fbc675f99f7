import { existsSync } from 'node:fs';
import { DataSource, EntitySchema } from 'typeorm';
import { dataSourceOptions, type DatabaseHandle, describeEachDatabase, type TestDatabase } from './databases';

interface Note {
  id: number;
  text: string;
}

const NoteSchema = new EntitySchema<Note>({
  name: 'note',
  columns: { id: { type: 'int', primary: true }, text: { type: 'varchar' } },
});

async function using<T>(handle: DatabaseHandle, act: (source: DataSource) => Promise<T>): Promise<T> {
  const source = await new DataSource({ ...handle.options, entities: [NoteSchema], synchronize: true }).initialize();
  try {
    return await act(source);
  } finally {
    await source.destroy();
  }
}

async function isThere({ kind, url, options }: DatabaseHandle): Promise<boolean> {
  if (kind === 'sqlite') return existsSync(url.slice('sqlite:'.length));
  const source = new DataSource(options);
  return source.initialize().then(
    () => source.destroy().then(() => true),
    () => false,
  );
}

describe('a test database', () => {
  describeEachDatabase((database: TestDatabase) => {
    it('works through a TypeORM data source, emoji included', async () => {
      const handle = await database.create();
      const found = await using(handle, async (source) => {
        await source.getRepository(NoteSchema).insert({ id: 1, text: 'grüße 🎉' });
        return source.getRepository(NoteSchema).find();
      });
      expect(found).toEqual([{ id: 1, text: 'grüße 🎉' }]);
    });

    it('shares nothing with the next one', async () => {
      const [first, second] = await Promise.all([database.create(), database.create()]);
      await using(first, (source) => source.getRepository(NoteSchema).insert({ id: 1, text: 'mine' }));
      expect(await using(second, (source) => source.getRepository(NoteSchema).count())).toBe(0);
    });

    it('is there until it is dropped', async () => {
      const handle = await database.create();
      await using(handle, (source) => source.query('SELECT 1'));
      expect(await isThere(handle)).toBe(true);
      await handle.drop();
      expect(await isThere(handle)).toBe(false);
    });

    it('can be dropped while a transaction is open in it', async () => {
      const handle = await database.create();
      await using(handle, async (source) => {
        const runner = source.createQueryRunner();
        await runner.startTransaction();
        await runner.manager.getRepository(NoteSchema).insert({ id: 1, text: 'not committed' });
        await expect(handle.drop()).resolves.toBeUndefined();
      });
    });

    it('may be dropped twice', async () => {
      const handle = await database.create();
      await handle.drop();
      await expect(handle.drop()).resolves.toBeUndefined();
    });

    it('names its kind and has a URL with the same options', async () => {
      const handle = await database.create();
      expect(handle.kind).toBe(database.kind);
      expect(dataSourceOptions(handle.url)).toEqual(handle.options);
    });
  });
});

describe('a suite for some databases', () => {
  const kinds: string[] = [];
  describeEachDatabase({ only: ['sqlite', 'postgres'] }, (database) => {
    kinds.push(database.kind);
    it('runs', () => expect(kinds).toContain(database.kind));
  });

  it('leaves the others out', () => {
    expect(kinds).toEqual(['sqlite', 'postgres']);
  });
});

describe('a database URL', () => {
  it('says what it expected when its scheme is unknown', () => {
    expect(() => dataSourceOptions('oracle://localhost')).toThrow('start with sqlite:, postgres: or mysql:');
  });
});
