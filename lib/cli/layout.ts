import { printable } from './terminal';

const GAP = '  ';
const WIDTH = 96;

/** Columns under their headings; a column that is empty all the way down is left out. */
export function table(headings: readonly string[], rows: readonly (readonly (string | null)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => printable(cell ?? '')));
  const shown = headings.map((_, index) => index).filter((index) => cells.some((row) => row[index] !== ''));
  const widths = shown.map((index) => Math.max(headings[index]!.length, ...cells.map((row) => row[index]!.length)));
  const line = (row: readonly string[]) =>
    shown
      .map((index, place) => row[index]!.padEnd(widths[place]!))
      .join(GAP)
      .trimEnd();
  return [headings, ...cells].map(line);
}

/** Names and what they stand for, one below the other; what is too long for a line goes on below its beginning. */
export function definitions(pairs: readonly (readonly [name: string, text: string])[], lineWidth = WIDTH): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  const margin = ' '.repeat(2 * GAP.length + width);
  return pairs.flatMap(([name, text]) =>
    wrapped(text, lineWidth - margin.length).map((line, index) =>
      index === 0 ? `${GAP}${name.padEnd(width)}${GAP}${line}` : margin + line,
    ),
  );
}

/** Lines that break between words. */
export function wrapped(text: string, width = WIDTH): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** `1,204` */
export function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 delivery`, `1,204 deliveries` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
