import { parseArgs } from 'node:util';
import { ADAPTERS } from '../http/management-host';
import { engineOf } from '../support/databases';
import { Engine, type DatabaseHandle } from '../support/databases/engine';
import { fuzzPayloads, fuzzRoutes, type Budget } from './fuzz-runs';
import { FuzzedHost } from './fuzzed-host';

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

/** Sends what comes to mind to every route of a host on each adapter, and publishes a tenth as many payloads. */
async function main(): Promise<void> {
  const budget = { runs: wholeNumber('runs', given.runs), seed: wholeNumber('seed', given.seed) };
  console.log(`To send the same again: --runs ${budget.runs} --seed ${budget.seed}`);
  for (const [name, makeAdapter] of ADAPTERS) await fuzzOn(name, makeAdapter, budget);
}

async function fuzzOn(name: string, makeAdapter: (typeof ADAPTERS)[number][1], budget: Budget): Promise<void> {
  const engine = engineOf('sqlite') as Engine;
  const made: DatabaseHandle[] = [];
  const create = async () => {
    const handle = await engine.create();
    made.push(handle);
    return handle;
  };
  const fuzzed = await FuzzedHost.start({ kind: 'sqlite', create }, makeAdapter);
  try {
    await fuzzRoutes(fuzzed, budget);
    await fuzzed.stillWorks();
    await fuzzPayloads(fuzzed, { ...budget, runs: Math.ceil(budget.runs / 10) });
    console.log(`${name}: ${budget.runs} requests and ${Math.ceil(budget.runs / 10)} payloads withstood`);
  } finally {
    await fuzzed.stop();
    await Promise.all(made.map((handle) => handle.drop()));
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`Expected --${option} to be a whole number, got "${text}".`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
