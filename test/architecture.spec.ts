import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const root = join(__dirname, '..');
const lib = join(root, 'lib');

/** The table of rooms in the README: the one truth about who may import whom. */
function roomsInReadme(): Map<string, string[]> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)\/` +\|[^|]*\|([^|]*)\|$/gm)];
  return new Map(rows.map(([, room, imports]) => [room!, [...imports!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)]));
}

function sourceFiles(folder = lib): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/** The room of a file; the files at the top see every room, and only the service may be seen. */
function roomOf(file: string): string {
  const parts = relative(lib, file).split(sep);
  if (parts.length > 1) return parts[0]!;
  return parts[0] === 'webhooks.service.ts' ? 'service' : 'top';
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path]) => `${resolve(dirname(file), path!)}.ts`);
}

const rooms = roomsInReadme();
const files = sourceFiles();

describe('The rooms of lib/', () => {
  it('are those of the table in the README', () => {
    const folders = readdirSync(lib, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...rooms.keys()].sort());
  });

  it.each([...rooms])('%s imports only what the table says', (room, allowed) => {
    const trespasses = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map((imported) => [relative(root, file), roomOf(imported)]))
      .filter(([, other]) => other !== room && !allowed.includes(other!));
    expect(trespasses).toEqual([]);
  });

  it('import one way: no room can be reached from itself', () => {
    const reachable = (room: string, seen = new Set<string>()): Set<string> => {
      for (const next of rooms.get(room) ?? []) if (!seen.has(next)) reachable(next, seen.add(next));
      return seen;
    };
    expect([...rooms.keys()].filter((room) => reachable(room).has(room))).toEqual([]);
  });

  it('have no inside doors and no drawers', () => {
    const names = files.map((file) => relative(lib, file));
    expect(names.filter((name) => /(^|\/)(utils?|helpers?|common|types|interfaces|misc)(\/|\.ts$)/.test(name))).toEqual(
      [],
    );
    expect(names.filter((name) => name.endsWith(`${sep}index.ts`))).toEqual([]);
  });

  it('hold files of at most 200 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 201);
    expect(long.map((file) => relative(root, file))).toEqual([]);
  });

  it.each([
    ['undici', 'undici.ts'],
    ['prom-client', 'prometheus.ts'],
    ['@opentelemetry/api', 'opentelemetry.ts'],
    ['@nestjs/terminus', 'terminus.ts'],
  ])('reach %s only through the subpath that is for it', (name, subpath) => {
    const reachable = (file: string, seen = new Set([file])): Set<string> => {
      for (const next of importsOf(file)) if (!seen.has(next)) reachable(next, seen.add(next));
      return seen;
    };
    const naming = (entry: string) =>
      [...reachable(join(lib, entry))].filter((file) => readFileSync(file, 'utf8').includes(`from '${name}'`));
    const others = readdirSync(lib).filter((entry) => entry.endsWith('.ts') && entry !== subpath);
    expect(others.flatMap(naming)).toEqual([]);
    expect(naming(subpath)).not.toEqual([]);
  });

  it('reach into no package of Nest or TypeORM: what is inside may move, and Nest 12 shows no folders', () => {
    const inside = /(from|import|require)\b\s*\(?\s*['"](@nestjs\/[^/'"]+|typeorm)\//;
    const reaching = files.filter((file) => inside.test(readFileSync(file, 'utf8')));
    expect(reaching.map((file) => relative(root, file))).toEqual([]);
  });

  it('name no optional package in what others compile against', () => {
    const optional = /from '(@nestjs\/(event-emitter|schedule|swagger)|better-sqlite3|pg|mysql2)'/;
    expect(files.filter((file) => optional.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
