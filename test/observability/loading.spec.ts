import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const OPTIONAL = ['prom-client', '@opentelemetry/', '@nestjs/terminus'];

/** The packages for watching that Node has loaded when it has loaded these files and started a host on them. */
function loadedBy(...files: string[]): string[] {
  const program = `
    const [{ WebhooksModule }] = ${JSON.stringify(files)}.map((file) => require('./' + file));
    const { NestFactory } = require('@nestjs/core');
    const { TypeOrmModule } = require('@nestjs/typeorm');
    class App {}
    const database = TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:' });
    const imports = [database, WebhooksModule.forRoot({ allowUnauthenticated: true })];
    NestFactory.create({ module: App, imports }, { logger: false }).then(async (app) => {
      await app.init();
      await app.close();
      const inside = Object.keys(require.cache).map((path) => path.split('/node_modules/').at(-1));
      const found = ${JSON.stringify(OPTIONAL)}.filter((name) => inside.some((path) => path.startsWith(name)));
      console.log(JSON.stringify(found));
    });
  `;
  const answer = execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', program], { cwd: root });
  return JSON.parse(answer.toString()) as string[];
}

describe('A host', () => {
  it('loads nothing that measures or traces unless it asks', () => {
    expect(loadedBy('lib/index.ts')).toEqual([]);
  });

  it('loads what it asks for, so that this test can tell', () => {
    const asked = ['lib/prometheus.ts', 'lib/opentelemetry.ts', 'lib/terminus.ts'];
    expect(loadedBy('lib/index.ts', ...asked)).toEqual(OPTIONAL);
  });
});
