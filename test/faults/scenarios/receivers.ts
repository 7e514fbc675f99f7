import { setTimeout as pause } from 'node:timers/promises';
import type { Player } from '../cast';
import { HEALTHY_MARKET } from '../market';
import { MISBEHAVIOURS, Rogue } from '../misbehaviours';
import type { Scenario, Scene } from '../scenario';
import type { Stage } from '../stage';

const MOST_MEMORY_BYTES = 96 * 1024 * 1024;
const LEAST_ATTEMPTS = 2;
const LONGEST_WAIT_MS = 30_000;

/** Endpoints that do everything wrong beside others that are owed the same events and get them, each once. */
const misbehavingReceivers = (transport: 'axios' | 'undici'): Scenario => ({
  name: `receivers-${transport}`,
  fault: `receivers that reset, hang, drip, flood, talk nonsense, redirect (${transport})`,
  databases: ['sqlite', 'postgres'],
  exactlyOnceOn: ['sqlite', 'postgres'],
  market: HEALTHY_MARKET,
  play: (scene) => sufferRogues(scene, transport),
});

export const axiosReceivers = misbehavingReceivers('axios');
export const undiciReceivers = misbehavingReceivers('undici');

async function sufferRogues({ stage }: Scene, transport: 'axios' | 'undici'): Promise<void> {
  const player = await stage.enter({ transport, burst: 60, webhooks: { attemptTimeoutMs: 1_000 } });
  await stage.goesOn();
  const before = await player.process.call('peakMemory');
  const rogues = await enterRogues(stage, player);
  await stage.goesOn();
  for (const rogue of rogues) await assertFailsAsItShould(stage, rogue);
  await stage.goesOn();
  const grownBytes = (await player.process.call('peakMemory')) - before;
  if (grownBytes > MOST_MEMORY_BYTES) throw new Error(`The host took ${Math.round(grownBytes / 1e6)} MB more memory.`);
}

async function enterRogues(stage: Stage, { process }: Player): Promise<Rogue[]> {
  const rogues: Rogue[] = [];
  for (const misbehaviour of MISBEHAVIOURS) {
    // Whoever follows the redirect is sent to a path that nobody has subscribed.
    rogues.push(stage.keep(await Rogue.start(misbehaviour, stage.receiver.url('/elsewhere'))));
  }
  await process.call(
    'subscribe',
    rogues.map(({ url }) => ({ url, topics: ['*'] })),
  );
  return rogues;
}

async function assertFailsAsItShould({ books }: Stage, { url, misbehaviour }: Rogue): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  let attempts = await books.attempts(url);
  while (attempts.reduce((sum, { count }) => sum + count, 0) < LEAST_ATTEMPTS && performance.now() < deadline) {
    await pause(50);
    attempts = await books.attempts(url);
  }
  const ends = attempts.map(({ end }) => end);
  const asItShould = ends.length > 0 && ends.every((end) => misbehaviour.ends.includes(end));
  if (asItShould) return;
  const expected = misbehaviour.ends.join(' or ');
  throw new Error(
    `An endpoint that ${misbehaviour.name} should fail as ${expected}, but did as ${ends.join(', ') || 'nothing'}.`,
  );
}
