import type { Given } from './given';
import type { Terminal } from './terminal';

/** 0: it was done. 1: it was not, or what was asked for is not so. 2: it was asked for wrongly. */
export type ExitCode = 0 | 1 | 2;

export interface OptionDescription {
  readonly name: string;
  /** What stands for its value in the help; without, it is a flag. */
  readonly value?: string;
  readonly help: string;
}

/** One command: all that the help tells of it, and what it does. */
export interface Command {
  readonly name: string;
  /** A line of the list of commands. */
  readonly summary: string;
  /** What stands for its parameter in the help, in brackets where it may be left out; without, it takes none. */
  readonly parameter?: string;
  /** Paragraphs that say what has to be known. */
  readonly about: readonly string[];
  readonly options: readonly OptionDescription[];
  /** What to type after `nestjs-webhooks`, and nothing else. */
  readonly examples: readonly string[];
  run(given: Given, terminal: Terminal): Promise<ExitCode>;
}

/** Thrown when a command was called wrongly; shown with where to find the help. */
export class UsageError extends Error {}

/** Thrown when a command cannot do what it was asked for; shown as it is. */
export class CommandError extends Error {}
