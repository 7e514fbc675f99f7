import { DATABASE_NAMES, type DatabaseKind } from '../support/databases';
import type { Scenario } from './scenario';
import type { Result } from './stage';

export interface Row {
  readonly scenario: Scenario;
  readonly kind: DatabaseKind;
  readonly result: Result;
}

const HEADINGS = [
  'what happens',
  'database',
  'times',
  'events',
  'deliveries',
  'lost',
  'wrong',
  'in flight',
  'repeated',
  'done after',
] as const;

/** Where the table stands in a page. */
const BEGIN = '<!-- results -->';
const END = '<!-- end of results -->';

/** The page with these rows in its table: in the place of older ones for the same, else at its end. */
export function withResults(page: string, rows: readonly Row[]): string {
  const [before, rest] = split(page, BEGIN);
  const [table, after] = split(rest, END);
  const cells = new Map(cellsOf(table).map((row) => [keyOf(row), row]));
  for (const row of rows.map(cellsOfRow)) cells.set(keyOf(row), row);
  return `${before}${BEGIN}\n\n${tableOf([...cells.values()])}\n\n${END}${after}`;
}

/** Rows as a table in Markdown. */
export function report(rows: readonly Row[]): string {
  return tableOf(rows.map(cellsOfRow));
}

function cellsOfRow({ scenario, kind, result }: Row): string[] {
  const { faults, events, owed, lost, wrong, inFlight, repeated, recoverySeconds } = result;
  const figures = [faults, events, owed, lost, wrong, inFlight, repeated].map((figure) => figure.toLocaleString('en'));
  return [scenario.fault, DATABASE_NAMES[kind], ...figures, `${recoverySeconds.toFixed(1)} s`];
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  return [lines[0], line(widths.map((width) => '-'.repeat(width))), ...lines.slice(1)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellsOf(table: string): string[][] {
  const lines = table.split('\n').filter((text) => text.startsWith('|'));
  return lines.slice(2).map((text) =>
    text
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function keyOf([fault, database]: readonly string[]): string {
  return `${fault} ${database}`;
}

function split(text: string, marker: string): [string, string] {
  const at = text.indexOf(marker);
  if (at < 0) throw new Error(`Expected the page to have "${marker}" in it.`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}
