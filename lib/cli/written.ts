import { writeFile } from 'node:fs/promises';
import { CommandError } from './command';
import type { Given } from './given';
import { printable, type Terminal } from './terminal';

/** Writes what a command has made into `--out`, or prints it. Others may have written parts of it. */
export async function write(made: string, given: Given, terminal: Terminal): Promise<void> {
  const text = made.trimEnd().split('\n').map(printable).join('\n');
  const file = given.text('out');
  if (file === undefined) return terminal.print(text);
  try {
    await writeFile(file, `${text}\n`);
  } catch (cause) {
    throw new CommandError(`${file} cannot be written: ${(cause as Error).message}.`, { cause });
  }
  terminal.note(`Wrote ${file}.`);
}
