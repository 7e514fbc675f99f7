import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

/** What the compiler has to say of a source that needs nothing else, as strict as a subscriber may have it. */
export function compiledSource(source: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-source-'));
  try {
    const file = join(folder, 'source.ts');
    writeFileSync(file, source);
    const options = { strict: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: true, types: [] };
    const program = ts.createProgram([file], { ...options, target: ts.ScriptTarget.ES2022 });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
