/**
 * Shows one webhook from end to end, then tidies up: `npm run demo`, and what goes over the wire under another contract:
 * `npm run demo -- --contract readycloud`. It needs nothing but this repository.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { axiosTransport } from 'nestjs-webhooks';
import { startApplication } from './application';
import { Api } from './demo/api';
import { CONTRACT_SCRIPTS } from './demo/contract-scripts';
import { ContractStory } from './demo/contract-story';
import { HttpsReceiver, LOCALHOST_CERTIFICATE } from './demo/https-receiver';
import { Page } from './demo/page';
import { Story } from './demo/story';

/** What shells expect of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;
const interruption = new AbortController();
const page = new Page(process.stdout);

async function main(): Promise<void> {
  const contract = contractIn(process.argv.slice(2));
  // So that Ctrl-C leaves nothing behind either.
  process.once('SIGINT', () => interruption.abort());
  const directory = await mkdtemp(join(tmpdir(), 'webhooks-demo-'));
  try {
    await tellIn(directory, contract);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @throws Error when it is asked for something that there is not */
function contractIn(args: string[]): string | undefined {
  const { contract } = parseArgs({ args, options: { contract: { type: 'string' } } }).values;
  if (contract === undefined || Object.hasOwn(CONTRACT_SCRIPTS, contract)) return contract;
  throw new Error(`Expected --contract to be one of ${Object.keys(CONTRACT_SCRIPTS).join(', ')}, got "${contract}".`);
}

async function tellIn(directory: string, contract: string | undefined): Promise<void> {
  const app = await startApplication(
    {
      port: 0,
      database: { type: 'better-sqlite3', database: join(directory, 'demo.sqlite') },
      retry: { schedule: ['1s', '2s', '5s'], jitter: 0 },
      encryptionKeys: [randomBytes(32).toString('base64')],
      transport: axiosTransport({ tls: { ca: LOCALHOST_CERTIFICATE } }),
    },
    { logger: ['error', 'warn'] },
  );
  try {
    const api = new Api(`http://127.0.0.1:${new URL(await app.getUrl()).port}`, 'acme-key');
    await (contract === undefined ? new Story(api, page, interruption.signal).tell() : tellOf(contract, api));
  } finally {
    await app.close();
  }
}

async function tellOf(contract: string, api: Api): Promise<void> {
  const receiver = await HttpsReceiver.start();
  try {
    await new ContractStory(contract, api, receiver, page, interruption.signal).tell();
  } finally {
    await receiver.stop();
  }
}

main().catch((error: unknown) => {
  if (interruption.signal.aborted) process.exit(INTERRUPTED);
  console.error(`\n  The demo has failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
