import { STATUS_CODES } from 'node:http';
import { styleText } from 'node:util';
import type { Attempt, Exchanged, PublishedEvent } from './api';
import type { DocumentedRequest } from './contract-scripts';
import { jsonLines } from './json-lines';

/** How wide JSON may be; a line of it begins in column 8. */
const WIDTH = 72;

type Style = Parameters<typeof styleText>[0];

/** Writes the demo's lines; in colour where the terminal has them and nobody minds (`NO_COLOR`). */
export class Page {
  private readonly coloured: boolean;
  private steps = 0;

  constructor(private readonly output: NodeJS.WriteStream) {
    this.coloured = output.isTTY && output.hasColors();
  }

  title(text: string): void {
    this.line(`\n  ${this.styled('bold', text)}`);
  }

  step(text: string): void {
    this.line(`\n  ${this.styled('cyan', String(++this.steps))}  ${this.styled('bold', text)}`);
  }

  detail(text: string): void {
    this.line(`     ${this.styled('dim', text)}`);
  }

  request({ method, path, headers = {}, body }: DocumentedRequest): void {
    this.line(`     ${this.styled('cyan', '→')} ${this.styled('bold', method)} ${path}`);
    for (const [name, value] of Object.entries(headers)) this.line(`       ${this.styled('dim', `${name}:`)} ${value}`);
    if (body) this.json(body);
  }

  answer({ status, body }: Pick<Exchanged, 'status'> & Partial<Exchanged>): void {
    this.line(`     ${this.styled('green', '←')} ${this.styled('bold', `${status} ${STATUS_CODES[status] ?? ''}`)}`);
    if (body !== undefined) this.json(body);
  }

  event({ topic, id }: PublishedEvent): void {
    this.moment(0, this.styled('cyan', '●'), topic, id);
  }

  attempt({ number, succeeded, status, failure, durationMs }: Attempt, afterMs: number): void {
    const [style, mark] = succeeded ? (['green', '✔'] as const) : (['red', '✘'] as const);
    const answer = status === null ? (failure ?? '') : `${status} ${STATUS_CODES[status] ?? ''}`;
    const took = this.styled('dim', `in ${durationMs} ms`);
    this.moment(
      afterMs,
      this.styled(style, mark),
      `attempt ${number}`,
      `${this.styled(style, answer.padEnd(25))}${took}`,
    );
  }

  wait(waitMs: number): void {
    this.line(`              ${this.styled('dim', `┆  waited ${seconds(waitMs)}`)}`);
  }

  success(text: string): void {
    this.line(`     ${this.styled('green', '✔')}  ${text}`);
  }

  ending(text: string): void {
    this.line(`\n  ${this.styled(['bold', 'green'], text)}\n`);
  }

  private json(value: unknown): void {
    for (const line of jsonLines(value, WIDTH)) this.line(`       ${line}`);
  }

  private moment(afterMs: number, mark: string, what: string, result: string): void {
    this.line(`     ${seconds(afterMs).padStart(7)}  ${mark}  ${what.padEnd(15)}${result}`);
  }

  private styled(style: Style, text: string): string {
    return this.coloured ? styleText(style, text) : text;
  }

  private line(text: string): void {
    this.output.write(`${text}\n`);
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
