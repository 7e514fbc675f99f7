import type { Result } from './measurement';

const HEADINGS = ['', 'figure', 'value', 'target', 'met'] as const;

/** The results as a Markdown table. */
export function table(results: readonly Result[]): string {
  const rows = [HEADINGS, ...results.map(rowOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  return [lines[0], line(widths.map((width) => '-'.repeat(width))), ...lines.slice(1)].join('\n');
}

function rowOf({ id, name, value, target, met }: Result): string[] {
  return [id, name, shown(value), target ?? '', met === null ? '' : met ? 'yes' : 'no'];
}

/** Three significant digits, and no decimals where there are more before the point. */
function shown(value: number): string {
  return Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
