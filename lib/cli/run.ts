import { nearest } from '../topics/nearest';
import { UsageError, type Command, type ExitCode } from './command';
import { COMMANDS } from './commands';
import { withoutCredentials } from './database-url';
import { Given } from './given';
import { helpOn, overview } from './help';
import { printableLines, Terminal, type Surroundings } from './terminal';

const ASKING = ['--help', '-h', 'help'];

/** Runs the command line `nestjs-webhooks …args`; answers the exit code and never rejects. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const terminal = new Terminal(surroundings);
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    return complain(error, args, terminal);
  }
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (name === undefined || ASKING.includes(name)) return help(rest[0], terminal, name === undefined ? 2 : 0);
  const command = commandNamed(name);
  if (rest.some((each) => each === '--help' || each === '-h')) return help(name, terminal, 0);
  return command.run(Given.parse(command, rest, terminal.clock.now()), terminal);
}

function help(name: string | undefined, terminal: Terminal, code: ExitCode): ExitCode {
  const lines = name === undefined ? overview(COMMANDS, terminal) : helpOn(commandNamed(name), terminal);
  lines.forEach((line) => (code === 0 ? terminal.print(line) : terminal.note(line)));
  return code;
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name);
  if (command) return command;
  const names = COMMANDS.map((each) => each.name);
  const near = nearest(name, names);
  throw new UsageError(
    `There is no command "${name}"${near === undefined ? `. There are: ${names.join(', ')}` : ` (did you mean "${near}"?)`}.`,
  );
}

function complain(error: unknown, args: readonly string[], terminal: Terminal): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const [first = '', ...others] = printableLines(withoutCredentials(message, args, terminal.env));
  terminal.note(`${terminal.style('red', 'Error:')} ${first}`);
  others.forEach((line) => terminal.note(line));
  if (!(error instanceof UsageError)) return 1;
  const command = COMMANDS.find(({ name }) => name === args[0]);
  terminal.note(`See: npx nestjs-webhooks ${command ? `${command.name} ` : ''}--help`);
  return 2;
}
