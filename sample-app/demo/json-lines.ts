/** JSON for reading: what fits into the width stays on one line. */
export function jsonLines(value: unknown, width: number): string[] {
  const short = spaced(value);
  if (short.length <= width || typeof value !== 'object' || value === null) return [short];
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Object.entries(value).map(([name, member]) => memberLines(value, name, member, width));
  const commas = members.map((lines, at) => (at === members.length - 1 ? lines : withComma(lines)));
  return [open!, ...commas.flat().map((line) => `  ${line}`), close!];
}

function memberLines(within: object, name: string, member: unknown, width: number): string[] {
  const label = Array.isArray(within) ? '' : `${JSON.stringify(name)}: `;
  // Two for the indentation and one for the comma.
  const [first, ...rest] = jsonLines(member, width - label.length - 3);
  return [label + first, ...rest];
}

function withComma(lines: readonly string[]): string[] {
  return lines.map((line, at) => (at === lines.length - 1 ? `${line},` : line));
}

function spaced(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
