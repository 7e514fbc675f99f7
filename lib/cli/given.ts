import { parseArgs } from 'node:util';
import { nearest } from '../topics/nearest';
import { UsageError, type Command, type OptionDescription } from './command';
import { timeOf } from './times';

export const HELP: OptionDescription = { name: 'help', help: 'Say what this command does.' };

/** What a command was given, read as what it is meant to be. Everything throws {@link UsageError}. */
export class Given {
  private constructor(
    private readonly values: Readonly<Record<string, string | boolean | undefined>>,
    readonly parameter: string | undefined,
    /** When the command was called, in milliseconds since the epoch. */
    private readonly now: number,
  ) {}

  static parse(command: Command, args: readonly string[], now: number): Given {
    const options = [...command.options, HELP];
    assertKnown(args, options);
    const { values, positionals } = parsed(args, options);
    const most = command.parameter === undefined ? 0 : 1;
    if (positionals.length > most) throw new UsageError(`"${command.name}" does not take "${positionals[most]}".`);
    return new Given(values, positionals[0], now);
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === '') throw new UsageError(`Expected --${name} to have a value.`);
    return value as string | undefined;
  }

  whole(name: string, { from, to }: { readonly from: number; readonly to: number }): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    throw new UsageError(`Expected --${name} to be a whole number from ${from} to ${to}, got "${text}".`);
  }

  oneOf<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
    const text = this.text(name);
    const found = allowed.find((each) => each === text);
    if (text === undefined || found !== undefined) return found;
    throw new UsageError(`Expected --${name} to be one of ${allowed.join(', ')}, got "${text}".`);
  }

  /** A moment in milliseconds since the epoch; a length of time is so long ago. */
  time(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const time = timeOf(text, this.now);
    if (time !== undefined) return time;
    throw new UsageError(
      `Expected --${name} to be a time such as 2026-01-31, 2026-01-31T08:00:00Z or, for so long ago, 2h or 3d, got "${text}".`,
    );
  }

  list(name: string): string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }

  /** @param what the parameter is, for the error */
  required(what: string): string {
    if (this.parameter !== undefined) return this.parameter;
    throw new UsageError(`Expected ${what}.`);
  }
}

type ParseOptions = Record<string, { type: 'string' | 'boolean'; short?: string }>;

function parseOptions(options: readonly OptionDescription[]): ParseOptions {
  const described = options.map(({ name, value }): [string, ParseOptions[string]] => [
    name,
    { type: value === undefined ? 'boolean' : 'string' },
  ]);
  return { ...Object.fromEntries(described), help: { type: 'boolean', short: 'h' } };
}

function assertKnown(args: readonly string[], options: readonly OptionDescription[]): void {
  const { tokens } = parseArgs({
    args: [...args],
    options: parseOptions(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const names = options.map(({ name }) => name);
  for (const token of tokens) {
    if (token.kind !== 'option' || names.includes(token.name)) continue;
    const near = nearest(token.name, names);
    throw new UsageError(
      `There is no option ${token.rawName}${near === undefined ? '' : ` (did you mean --${near}?)`}.`,
    );
  }
}

function parsed(args: readonly string[], options: readonly OptionDescription[]) {
  try {
    return parseArgs({ args: [...args], options: parseOptions(options), allowPositionals: true });
  } catch (error) {
    // Node's own words name the option, and say what to do; only their first line is of use here.
    throw new UsageError((error as Error).message.split('\n')[0], { cause: error });
  }
}
