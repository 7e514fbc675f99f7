import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = (...path: string[]) => readFileSync(join(__dirname, ...path), 'utf8');

describe('The page about contracts', () => {
  const page = text('..', '..', 'docs', 'contracts.md');

  it('shows a contract that is compiled and tested, in full', () => {
    const [, name, code] = /<!-- contract: (\S+) -->\n\n```ts\n([\s\S]*?)```/.exec(page)!;
    expect(code).toBe(text('generality', name!));
  });

  it('names nothing to make a contract with that is not published', () => {
    const published = text('..', '..', 'lib', 'contracts.ts');
    const parts = page.slice(page.indexOf('### Its parts'), page.indexOf('### Its requests'));
    const named = [...parts.matchAll(/`([a-z]\w+)(?:\([^`]*\))?`/g)].map(([, name]) => name!);
    const words = [
      'scope',
      'operations',
      'fields',
      'requests',
      'list',
      'errors',
      'delivery',
      'wrapper',
      'identity',
      'true',
      'several',
    ];
    const others = ['trailingSlash', 'unknownFields', 'shown', 'taken', 'take', 'property', 'settings'];
    const unknown = named.filter(
      (name) => ![...words, ...others].includes(name) && !new RegExp(`\\b${name}\\b`).test(published),
    );
    expect(unknown).toEqual([]);
  });
});
