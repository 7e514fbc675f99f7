import { CommandError, type Command } from '../command';
import type { Given } from '../given';
import { counted } from '../layout';
import { Listener, type Arrival } from '../listener';
import { printable, printableLines, type Terminal } from '../terminal';
import { verdictOn, type Verdict } from '../verdict';

const DEFAULT_PORT = 4_000;
const LOOPBACK = '127.0.0.1';
const MOST_REMEMBERED = 10_000;

export const listen: Command = {
  name: 'listen',
  summary: 'receive webhooks on this machine, verify and print them',
  about: [
    'For development. It needs no database. Subscribe its URL, and let your host deliver there with the option ' +
      "network: { allow: ['loopback'] }. Signatures are those of Standard Webhooks: v1 with whsec_…, v1a with whpk_….",
    'It can answer failures, so that you see retries, pauses and suspensions happen. What cannot be verified is answered ' +
      'with 401.',
  ],
  options: [
    { name: 'port', value: 'PORT', help: `Default: ${DEFAULT_PORT}; 0 takes any that is free.` },
    { name: 'host', value: 'ADDRESS', help: `Where to listen. Default: ${LOOPBACK}, which only this machine reaches.` },
    {
      name: 'secret',
      value: 'SECRET',
      help: 'The secret of the subscription, or its public key; several with commas between while they are rotated. Default: WEBHOOKS_SECRET. Without one, nothing is verified.',
    },
    { name: 'status', value: 'STATUS', help: 'What to answer, 200 to 599. Default: 204' },
    { name: 'fail-first', value: 'COUNT', help: 'Answer 500 to the first so many attempts of each webhook-id.' },
    { name: 'delay', value: 'MS', help: 'How long to wait before each answer. Default: 0' },
  ],
  examples: ['listen --secret whsec_…', 'listen --port 5000 --fail-first 2', 'listen --status 503 --delay 2000'],
  async run(given, terminal) {
    const behaviour = behaviourFrom(given, terminal.env.WEBHOOKS_SECRET);
    const inbox = new Inbox(behaviour, terminal);
    const listener = await started(inbox, given);
    terminal.note(`Listening on ${terminal.style('bold', listener.url)} (Ctrl-C ends it)`);
    if (behaviour.secrets.length === 0) terminal.note('Nothing is verified: pass --secret, or set WEBHOOKS_SECRET.');
    await aborted(terminal.signal);
    await listener.close();
    terminal.note(`\n${counted(inbox.count, 'request')}.`);
    return 0;
  },
};

interface Behaviour {
  readonly secrets: readonly string[];
  readonly status: number;
  readonly failFirst: number;
  readonly delayMs: number;
}

function behaviourFrom(given: Given, secretOfEnvironment = ''): Behaviour {
  const text = given.text('secret') ?? secretOfEnvironment;
  const secrets = text.split(',').map((each) => each.trim());
  return {
    secrets: secrets.filter((each) => each !== ''),
    status: given.whole('status', { from: 200, to: 599 }) ?? 204,
    failFirst: given.whole('fail-first', { from: 0, to: 1_000 }) ?? 0,
    delayMs: given.whole('delay', { from: 0, to: 3_600_000 }) ?? 0,
  };
}

/** Prints what comes in, and decides how it is answered. */
class Inbox {
  count = 0;
  private readonly attempts = new Map<string, number>();

  constructor(
    private readonly behaviour: Behaviour,
    private readonly terminal: Terminal,
  ) {}

  readonly answer = async (arrival: Arrival): Promise<number> => {
    this.count += 1;
    const verdict = verdictOn(arrival, this.behaviour.secrets, this.terminal.clock.now());
    const attempt = this.attemptOf(verdict.id);
    const status = this.statusFor(verdict, attempt);
    this.print(arrival, verdict, { attempt, status });
    await this.terminal.wait(this.behaviour.delayMs);
    return status;
  };

  private attemptOf(id: string | undefined): number {
    if (id === undefined) return 1;
    if (this.attempts.size >= MOST_REMEMBERED) this.attempts.clear();
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    return attempt;
  }

  private statusFor({ kind }: Verdict, attempt: number): number {
    if (kind === 'refused') return 401;
    return attempt <= this.behaviour.failFirst ? 500 : this.behaviour.status;
  }

  private print(
    arrival: Arrival,
    verdict: Verdict,
    { attempt, status }: { readonly attempt: number; readonly status: number },
  ): void {
    const { terminal } = this;
    const time = new Date(terminal.clock.now()).toISOString().slice(11, 19);
    const parts = [verdict.topic ?? `${arrival.method} ${arrival.path}`, verdict.id, `attempt ${attempt}`];
    const head = parts.filter((part) => part !== undefined).map(printable);
    head[0] = terminal.style('bold', head[0]!);
    const answer = terminal.style(status < 300 ? 'green' : 'red', `→ ${status}`);
    terminal.print(`${terminal.style('dim', time)}  ${[...head, this.inWords(verdict), answer].join('  ')}`);
    for (const line of bodyLines(arrival)) terminal.print(`  ${line}`);
    terminal.print();
  }

  private inWords(verdict: Verdict): string {
    if (verdict.kind === 'verified') return this.terminal.style('green', 'verified');
    if (verdict.kind === 'unverified') return this.terminal.style('yellow', 'not verified');
    return this.terminal.style('red', `refused: ${printable(verdict.reason)}`);
  }
}

async function started(inbox: Inbox, given: Given): Promise<Listener> {
  const port = given.whole('port', { from: 0, to: 65_535 }) ?? DEFAULT_PORT;
  const host = given.text('host') ?? LOOPBACK;
  try {
    return await Listener.start(inbox.answer, { host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new CommandError(`Port ${port} is taken. Choose another with --port, or any with --port 0.`);
    throw new CommandError(`Cannot listen on ${host}, port ${port}: ${message}`, { cause: error });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function bodyLines({ body, cut }: Arrival): string[] {
  const text = body.toString('utf8');
  const shown = printableLines(prettyJson(text) ?? text);
  return [...shown, ...(cut ? ['… (longer than 1 MiB)'] : [])];
}

function prettyJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
