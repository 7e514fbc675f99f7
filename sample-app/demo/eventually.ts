import { setTimeout as delay } from 'node:timers/promises';

const MOST_MS = 30_000;
const BETWEEN_MS = 50;

/**
 * What `look` finds, as soon as it finds something.
 * @throws Error when it has found nothing for half a minute, or when the signal says so
 */
export async function eventually<Found>(
  wanted: string,
  look: () => Promise<Found | undefined>,
  signal: AbortSignal,
): Promise<Found> {
  const giveUpAt = Date.now() + MOST_MS;
  while (Date.now() < giveUpAt) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(BETWEEN_MS, undefined, { signal });
  }
  throw new Error(`Waited ${MOST_MS / 1000} s for ${wanted}, in vain.`);
}
