import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DATABASE_NAMES, engineOf, type DatabaseKind } from '../support/databases';
import { Engine } from '../support/databases/engine';
import globalSetup, { type RunOfTheSpecs } from '../support/databases/global-setup';
import { Nursery } from './nursery';
import { objections, play, type Play } from './play';
import { report, withResults, type Row } from './report';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios';

const PAGE = join(__dirname, '../../docs/reliability.md');

const { values: given } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
});

/** Plays the scenarios, all of them or those that `--only kills,stalls` names, and prints what has come of them. */
async function main(): Promise<void> {
  await globalSetup();
  const nursery = new Nursery(3);
  const seed = wholeNumber('seed', given.seed);
  console.log(`To have the same moments again: --seed ${seed}`);
  try {
    const rows = await playAll(chosen(given.only), { seed, nursery });
    console.log(`\n${report(rows)}`);
    if (given.write) writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), rows));
  } finally {
    await nursery.close();
    await (globalThis as RunOfTheSpecs).embeddedPostgres?.stop();
  }
}

async function playAll(scenarios: readonly Scenario[], play: Omit<Play, 'size'>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scenario of scenarios) {
    for (const kind of scenario.databases) {
      const row = await playOn(scenario, kind, play);
      if (row) rows.push(row);
    }
  }
  return rows;
}

async function playOn(scenario: Scenario, kind: DatabaseKind, how: Omit<Play, 'size'>): Promise<Row | undefined> {
  const engine = engineOf(kind);
  const missing = scenario.missing?.() ?? (engine instanceof Engine ? undefined : engine.missing);
  if (missing !== undefined)
    return void console.log(`${scenario.name} on ${DATABASE_NAMES[kind]}: skipped, ${missing}`);
  const size = { kills: killsOn(kind), rounds: wholeNumber('rounds', given.rounds) };
  const result = await play(scenario, engine as Engine, { ...how, size });
  const wrong = objections(scenario, kind, result);
  console.log(`${scenario.name} on ${DATABASE_NAMES[kind]}: ${wrong.length === 0 ? 'ok' : wrong.join(', ')}`);
  if (wrong.length > 0) process.exitCode = 1;
  return { scenario, kind, result };
}

/** A third of all kills for each database, so that they add up. */
function killsOn(kind: DatabaseKind): number {
  const kills = wholeNumber('kills', given.kills);
  return Math.floor(kills / 3) + (kind === 'sqlite' ? kills % 3 : 0);
}

function chosen(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  return only.split(',').map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name.trim());
    if (found) return found;
    throw new Error(`Expected --only to list ${SCENARIOS.map((each) => each.name).join(', ')}, got "${name}".`);
  });
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`Expected --${option} to be a whole number, got "${text}".`);
}

void main();
