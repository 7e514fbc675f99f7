/** Shows one webhook from end to end, then tidies up: `npm run demo`. It needs nothing but this repository. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApplication } from './application';
import { Api } from './demo/api';
import { Page } from './demo/page';
import { Story } from './demo/story';

/** What shells expect of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;
const interruption = new AbortController();

async function main(): Promise<void> {
  // So that Ctrl-C leaves nothing behind either.
  process.once('SIGINT', () => interruption.abort());
  const directory = await mkdtemp(join(tmpdir(), 'webhooks-demo-'));
  try {
    await tellIn(directory, interruption.signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function tellIn(directory: string, signal: AbortSignal): Promise<void> {
  const app = await startApplication(
    {
      port: 0,
      database: { type: 'better-sqlite3', database: join(directory, 'demo.sqlite') },
      retry: { schedule: ['1s', '2s', '5s'], jitter: 0 },
    },
    { logger: ['error', 'warn'] },
  );
  try {
    const { port } = new URL(await app.getUrl());
    await new Story(new Api(`http://127.0.0.1:${port}`, 'acme-key'), new Page(process.stdout), signal).tell();
  } finally {
    await app.close();
  }
}

main().catch((error: unknown) => {
  if (interruption.signal.aborted) process.exit(INTERRUPTED);
  console.error(`\n  The demo has failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
