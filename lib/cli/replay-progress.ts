import type { Replay } from '../replays/replay';
import { timeOfIdentifier } from '../shared/identifier';
import { number } from './layout';

/** How far a replay has got: by the time of the events that it has looked at, since nobody knows how many there are. */
export function progressOf(replay: Replay): string {
  const { examined, scheduled, unavailable } = replay;
  const gone = unavailable === 0 ? '' : `, ${number(unavailable)} without a payload any more`;
  return `${percentOf(replay)} %, ${number(examined)} events looked at, ${number(scheduled)} made due${gone}`;
}

function percentOf({ from, to, reached, state }: Replay): number {
  if (state === 'finished') return 100;
  const share = (timeOfIdentifier(reached) - from) / Math.max(1, to - from);
  return Math.floor(Math.min(Math.max(share, 0), 0.99) * 100);
}
