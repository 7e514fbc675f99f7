import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** The packages that Node has loaded when it has loaded this file. */
function packagesLoadedBy(file: string): string[] {
  const program = `
    require(${JSON.stringify(join(root, file))});
    const inside = Object.keys(require.cache).map((path) => path.split('/node_modules/').at(-1));
    console.log(JSON.stringify(inside.filter((path) => path.startsWith('@nestjs/') || path.startsWith('typeorm/'))));
  `;
  const answer = execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', program], { cwd: root });
  return JSON.parse(answer.toString()) as string[];
}

describe('Loading', () => {
  it('nestjs-webhooks/receiver loads neither Nest nor TypeORM', () => {
    expect(packagesLoadedBy('lib/receiver.ts')).toEqual([]);
  });

  it('nestjs-webhooks itself does, so that this test can tell', () => {
    expect(packagesLoadedBy('lib/index.ts')).not.toEqual([]);
  });
});
