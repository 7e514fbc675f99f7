import type { Command, OptionDescription } from './command';
import { HELP } from './given';
import { definitions, wrapped } from './layout';
import type { Terminal } from './terminal';

const PROGRAM = 'nestjs-webhooks';

/** What there is. */
export function overview(commands: readonly Command[], terminal: Terminal): string[] {
  return [
    `${terminal.style('bold', PROGRAM)}: see and operate the webhooks of your NestJS product.`,
    '',
    section('Usage', terminal),
    `  npx ${PROGRAM} COMMAND [options]`,
    '',
    section('Commands', terminal),
    ...definitions(commands.map(({ name, summary }) => [name, summary])),
    '',
    section('Environment', terminal),
    ...definitions([
      ['WEBHOOKS_DATABASE_URL', 'the database, where --database does not say it'],
      ['WEBHOOKS_TABLE_PREFIX', 'what the names of all tables begin with, where --table-prefix does not say it'],
      ['WEBHOOKS_ENCRYPTION_KEYS', 'for rotate-keys: the keys as in the option encryptionKeys, with commas between'],
      ['WEBHOOKS_SECRET', 'for listen: the secret of the subscription'],
      ['WEBHOOKS_HEADER', 'for types and docs: a header that the URL of the document wants to see'],
      ['NO_COLOR', 'no colours'],
    ]),
    '',
    `npx ${PROGRAM} COMMAND --help says more of each.`,
  ];
}

/** What one command does. */
export function helpOn(command: Command, terminal: Terminal): string[] {
  const { name, parameter, about, options, examples, summary } = command;
  return [
    `${terminal.style('bold', `${PROGRAM} ${name}`)}: ${summary}`,
    ...about.flatMap((paragraph) => ['', ...wrapped(paragraph)]),
    '',
    section('Usage', terminal),
    `  npx ${PROGRAM} ${[name, parameter, '[options]'].filter((part) => part !== undefined).join(' ')}`,
    '',
    section('Options', terminal),
    ...definitions([...options, HELP].map((option) => [spelling(option), option.help])),
    '',
    section(examples.length === 1 ? 'Example' : 'Examples', terminal),
    ...examples.map((example) => `  npx ${PROGRAM} ${example}`),
  ];
}

function spelling({ name, value }: OptionDescription): string {
  return `--${name}${value === undefined ? '' : ` ${value}`}`;
}

function section(title: string, terminal: Terminal): string {
  return terminal.style('bold', title);
}
