import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { DataSource } from 'typeorm';
import { describeEachDatabase } from '../support/databases';
import { call } from './command-line';
import { worldForEach, type World } from './world';

/** Goes to the database without the framework; a SQLite file is there after that. */
async function queried({ handle }: World, sql = 'SELECT 1'): Promise<void> {
  const dataSource = await new DataSource(handle.options).initialize();
  await dataSource.query(sql);
  await dataSource.destroy();
}

describeEachDatabase((database) => {
  const given = worldForEach(database);

  it('makes the tables, and says from which version to which', async () => {
    const { world } = given;
    const { code, out } = await world.cli(['migrate']);
    expect(code).toBe(0);
    expect(out).toContain('tables webhooks_*: from version 0 to 1.\n  CreateWebhooksTables');
    expect(await world.cli(['migrate'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('up to date (version 1).') as string,
    });
    const host = await world.host({ webhooks: { schema: 'verify' } });
    await host.subscribe();
  });

  it.each(['--check', '--dry-run'])('says with %s what is missing, and changes nothing', async (option) => {
    const { world } = given;
    await queried(world);
    for (let times = 0; times < 2; times++) {
      const { code, out } = await world.cli(['migrate', option]);
      expect(code).toBe(1);
      expect(out).toContain('version 0, 1 is needed. Missing:\n  CreateWebhooksTables');
    }
    await world.cli(['migrate']);
    expect(await world.cli(['migrate', option])).toMatchObject({ code: 0 });
  });

  it('keeps to its prefix, as the hosts do', async () => {
    const { world } = given;
    const prefix = ['--table-prefix', 'hooks_'];
    expect((await world.cli(['migrate', ...prefix])).out).toContain('tables hooks_*');
    expect((await world.cli(['migrate', '--check'])).code).toBe(1);
    expect((await world.cli(['migrate', '--check'], { env: { WEBHOOKS_TABLE_PREFIX: 'hooks_' } })).code).toBe(0);
    await world.host({ webhooks: { schema: 'verify', tablePrefix: 'hooks_' } });
  });

  it('leaves tables of a later release alone, as all other commands do', async () => {
    const { world } = given;
    await world.cli(['migrate']);
    await queried(world, `INSERT INTO webhooks_migrations (timestamp, name) VALUES (1, 'Later2000000000000')`);
    for (const name of ['migrate', 'status', 'deliveries']) {
      expect(await world.cli([name])).toMatchObject({
        code: 1,
        err: expect.stringContaining('were made by a later release (Later2000000000000)') as string,
      });
    }
  });

  it('is asked for by all other commands where tables are missing', async () => {
    await queried(given.world);
    const { code, err } = await given.world.cli(['status']);
    expect(code).toBe(1);
    expect(err).toContain('are of version 0, not 1. Bring them up to date with: npx nestjs-webhooks migrate');
  });
});

describe('A SQLite file that is not there', () => {
  it('is made by migrate alone', async () => {
    const path = join(tmpdir(), `webhooks-cli-${process.pid}-nowhere.sqlite`);
    for (const args of [['status'], ['migrate', '--check']]) {
      const { code, err } = await call([...args, '--database', path]);
      expect({ code, there: existsSync(path) }).toEqual({ code: 1, there: false });
      expect(err).toContain(`Cannot open sqlite:${path}`);
    }
  });
});
