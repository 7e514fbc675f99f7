import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../../sample-app/demo/eventually';
import { certificate } from '../transport/localhost.certificate';
import { closeReceivers, httpsReceiver, type Receiver } from '../transport/receiver';
import { Client } from './client';

const ROOT = join(__dirname, '..', '..');

describe('A receiver on https with a private authority', () => {
  let directory: string;
  let receiver: Receiver;
  let app: ChildProcess;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'webhooks-authority-spec-'));
    await writeFile(join(directory, 'authority.pem'), certificate);
    receiver = await httpsReceiver();
  });

  afterEach(async () => {
    app.kill('SIGTERM');
    if (app.exitCode === null && app.signalCode === null) await once(app, 'exit');
    await closeReceivers();
    await rm(directory, { recursive: true, force: true });
  });

  /** The sample app as `npm start` runs it, as seen by acme. */
  const start = async (environment: NodeJS.ProcessEnv = {}): Promise<Client> => {
    const own = {
      PORT: '0',
      DATABASE_URL: `sqlite:${join(directory, 'sample.sqlite')}`,
      WEBHOOKS_RETRY_SCHEDULE: 'none',
    };
    const env = { ...process.env, TMPDIR: directory, NO_COLOR: '1', ...own, ...environment };
    app = spawn(process.execPath, ['-r', '@swc-node/register', 'sample-app/main.ts'], { cwd: ROOT, env });
    for await (const line of createInterface(app.stdout!)) {
      const [url] = /http:\/\/localhost:\d+/.exec(line) ?? [];
      if (url !== undefined) return new Client(url, 'acme-key');
    }
    throw new Error(`The sample app has not started: it ended with ${app.exitCode}.`);
  };

  const deliver = async (acme: Client): Promise<object> => {
    const subscription = { group: 'order', action: 'created', url: receiver.at('localhost'), hash_secret: 'ABC12345' };
    expect(await acme.post('/webhooks/', subscription)).toMatchObject({ status: 201 });
    await acme.post('/orders', { reference: 'A-1001', lines: [{ sku: 'SKU-1', quantity: 2 }] });
    const attempted = async () => {
      const { data } = (await acme.get<{ data: { id: string; attemptCount: number }[] }>('/api/webhooks/deliveries'))
        .body;
      const tried = data.find(({ attemptCount }) => attemptCount > 0);
      return tried && (await acme.get<object>(`/api/webhooks/deliveries/${tried.id}`)).body;
    };
    return eventually('an attempt', attempted, AbortSignal.timeout(10_000));
  };

  it('gets what it has asked for when NODE_EXTRA_CA_CERTS names the authority', async () => {
    const acme = await start({ NODE_EXTRA_CA_CERTS: join(directory, 'authority.pem') });
    expect(await deliver(acme)).toMatchObject({ state: 'delivered' });
    expect(receiver.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /hook']);
  });

  it('gets nothing when nobody says that it is to be trusted', async () => {
    const acme = await start({ NODE_EXTRA_CA_CERTS: undefined });
    expect(await deliver(acme)).toMatchObject({ state: 'pending', attempts: [{ failure: 'tls' }] });
    expect(receiver.received).toEqual([]);
  });
});
