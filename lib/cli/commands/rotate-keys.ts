import { EncryptionKey } from '../../encryption/encryption-key';
import { Activity } from '../../shared/activity';
import { SecretUpkeep, type Upkeep } from '../../subscriptions/secret-upkeep';
import { CommandError, UsageError, type Command, type ExitCode } from '../command';
import { counted, number } from '../layout';
import { DATABASE_OPTIONS, withStore, type Store } from '../store';
import type { Terminal } from '../terminal';

const VARIABLE = 'WEBHOOKS_ENCRYPTION_KEYS';

export const rotateKeys: Command = {
  name: 'rotate-keys',
  summary: 'encrypt all secrets with the first encryption key',
  about: [
    `The keys are those of the option encryptionKeys, newest first, in ${VARIABLE} with commas between; never among the ` +
      'arguments, where everybody on the machine could read them.',
    'First add the new key to all hosts at the end of their list, and deploy; then put it first, and deploy. Hosts now do the ' +
      'same as this command by themselves, beside their work. When it is done and every host has the new key first, the old ' +
      'one can go.',
  ],
  options: [...DATABASE_OPTIONS, { name: 'dry-run', help: 'Only say how many secrets are under which key.' }],
  examples: ['rotate-keys', 'rotate-keys --dry-run'],
  async run(given, terminal) {
    const keys = keysFrom(terminal.env[VARIABLE]);
    const dryRun = given.flag('dry-run');
    return withStore(given, terminal, (store) => (dryRun ? survey(store, terminal) : rotate(store, terminal)), {
      keys,
    });
  },
};

function keysFrom(text = ''): EncryptionKey[] {
  const texts = text.split(/[\s,]+/).filter((each) => each !== '');
  if (texts.length === 0) {
    throw new UsageError(`Expected the encryption keys in ${VARIABLE}, newest first, with commas between.`);
  }
  return texts.map((each, index) => EncryptionKey.parse(each, `key ${index + 1} of ${VARIABLE}`));
}

async function rotate(store: Store, terminal: Terminal): Promise<ExitCode> {
  const total = await staleSecrets(store);
  const upkeep = new SecretUpkeep(store.secrets, new Activity(), terminal.clock);
  terminal.signal.addEventListener('abort', () => upkeep.stop());
  let soFar: Upkeep = { reencrypted: 0, unreadable: [] };
  const onProgress = (progress: Upkeep) => {
    soFar = { ...progress };
    terminal.progress(`Encrypting: ${number(progress.reencrypted)} of ${number(total)}`);
  };
  try {
    return report(await upkeep.run({ onProgress }), store, terminal);
  } catch (error) {
    if (!upkeep.stopped) throw error;
    terminal.note(`Stopped after ${number(soFar.reencrypted)} of ${number(total)}. Call it again to go on.`);
    return 1;
  }
}

function report({ reencrypted, unreadable }: Upkeep, { shown }: Store, terminal: Terminal): ExitCode {
  terminal.print(`${shown}: the secrets of ${counted(reencrypted, 'subscription')} are encrypted anew.`);
  if (unreadable.length === 0) {
    terminal.print('All are under the first key. Once every host has it first, the others can go.');
    return 0;
  }
  terminal.note('Somebody has changed these secrets in the database, and they cannot be read. Give these new ones:');
  unreadable.forEach((id) => terminal.note(`  ${id}`));
  return 1;
}

async function survey(store: Store, terminal: Terminal): Promise<ExitCode> {
  const total = await staleSecrets(store);
  terminal.print(`${store.shown}: the secrets of ${counted(total, 'subscription')} are not under the first key.`);
  return 0;
}

/** @throws CommandError when a key is missing: what it encrypts would stay as it is */
async function staleSecrets({ secrets }: Store): Promise<number> {
  const uses = await secrets.keyUses();
  const missing = uses.filter(({ key }) => key === 'unknown');
  if (missing.length > 0) {
    const named = missing.map(({ keyId, subscriptions }) => `${keyId} (${counted(subscriptions, 'subscription')})`);
    throw new CommandError(
      `Some secrets are encrypted with keys that are not in ${VARIABLE}: ${named.join(', ')}. Put them at its end.`,
    );
  }
  return uses.filter(({ key }) => key === 'known').reduce((sum, { subscriptions }) => sum + subscriptions, 0);
}
