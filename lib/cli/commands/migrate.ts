import { prepareSchema, schemaState, type SchemaState } from '../../storage/migrate';
import { CommandError, type Command, type ExitCode } from '../command';
import { DATABASE_OPTIONS, newer, withStore, type Store } from '../store';
import type { Terminal } from '../terminal';

export const migrate: Command = {
  name: 'migrate',
  summary: 'bring the tables up to date, or say what is missing',
  about: [
    "Hosts do this by themselves when they boot, unless they have the option schema: 'verify'. Then it is a step of " +
      'your deployment, before the new release starts. Several at once do no harm.',
    'With --check nothing is changed: it exits with 1 where something is missing, and with 0 where nothing is.',
  ],
  options: [
    ...DATABASE_OPTIONS,
    { name: 'check', help: 'Only say what is missing.' },
    { name: 'dry-run', help: 'The same.' },
  ],
  examples: ['migrate --database postgres://app@localhost/app', 'migrate --check'],
  run(given, terminal) {
    const checks = given.flag('check') || given.flag('dry-run');
    const act = async (store: Store) => {
      const before = await schemaState(store.database);
      if (before.unknown.length > 0) throw new CommandError(newer(store, before.unknown));
      return checks ? check(store, before, terminal) : bringUpToDate(store, before, terminal);
    };
    return withStore(given, terminal, act, { mayBeEmpty: true, create: !checks });
  },
};

function check(store: Store, { version, latest, missing }: SchemaState, terminal: Terminal): ExitCode {
  if (missing.length === 0) return upToDate(store, latest, terminal);
  terminal.print(`${titleOf(store)}: version ${version}, ${latest} is needed. Missing:`);
  missing.forEach((name) => terminal.print(`  ${name}`));
  return 1;
}

async function bringUpToDate(store: Store, before: SchemaState, terminal: Terminal): Promise<ExitCode> {
  if (before.missing.length === 0) return upToDate(store, before.latest, terminal);
  terminal.progress(`Migrating from version ${before.version} to ${before.latest} …`);
  await prepareSchema(store.database, 'migrate');
  const { version } = await schemaState(store.database);
  terminal.print(`${titleOf(store)}: from version ${before.version} to ${version}.`);
  before.missing.forEach((name) => terminal.print(`  ${name}`));
  return 0;
}

function upToDate(store: Store, version: number, terminal: Terminal): ExitCode {
  terminal.print(`${titleOf(store)}: up to date (version ${version}).`);
  return 0;
}

function titleOf({ shown, database }: Store): string {
  return `${shown}, tables ${database.prefix}*`;
}
