#!/usr/bin/env node
import { SystemClock } from './shared/clock';
import { run } from './cli/run';

/** Ctrl-C ends a command in good order; the second time, at once. */
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
// Who reads no further, such as "head", has seen enough.
process.stdout.on('error', () => process.exit(0));
// The clock's timers keep no process alive, and a command may wait for nothing else.
const alive = setInterval(() => undefined, 60_000);

const { stdout, stderr, env } = process;
const surroundings = { stdout, stderr, env, clock: new SystemClock(), signal: interruption.signal };
void run(process.argv.slice(2), surroundings).then((code) => {
  clearInterval(alive);
  process.exitCode = code;
});
