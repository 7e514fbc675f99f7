import type { Delivery, DeliveryState } from '../deliveries/delivery';
import { owed } from '../deliveries/owed';
import type { EventSummary } from '../events/events.repository';
import type { Subscription } from '../subscriptions/subscription';
import { patternsFor } from '../topics/pattern';
import type { Replay, ReplayChoice } from './replay';
import type { ReplayStep } from './replays.repository';

/** What there is to decide on. */
export interface ReplayMaterial {
  readonly subscription: Subscription;
  /** The next events, in the order of their ids. */
  readonly events: readonly EventSummary[];
  /** The ids of those whose payload it does not want. */
  readonly declined: ReadonlySet<string>;
  /** What the subscription was owed of them before, by the event's id. */
  readonly known: ReadonlyMap<string, Pick<Delivery, 'id' | 'state'>>;
  readonly now: number;
}

/** What is sent once more, by what was asked for; what is pending is on its way already. */
const SENT_AGAIN: Readonly<Record<ReplayChoice, readonly DeliveryState[]>> = {
  failed: ['failed', 'canceled'],
  missing: [],
  all: ['delivered', 'failed', 'canceled'],
};

/** Decides what becomes of the next events of a replay. */
export function nextStep(
  { from, to, topics, only, reached }: Pick<Replay, 'from' | 'to' | 'topics' | 'only' | 'reached'>,
  { subscription, events, declined, known, now }: ReplayMaterial,
): Omit<ReplayStep, 'last'> {
  const wanted = events
    .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
    .filter(({ id }) => !declined.has(id))
    .filter(({ topic }) => wants(subscription.topics, topic) && (!topics || wants(topics, topic)));
  const chosen = wanted.filter(({ id }) => isChosen(only, known.get(id)?.state));
  const sent = chosen.filter(({ sendable }) => sendable);
  const { id: subscriptionId, tenant, preferences } = subscription;
  const route = { subscriptionId, tenant, preferences };
  const owedNow = sent.map((event) => owed(event, route, now));
  return {
    reached: events.at(-1)?.id ?? reached,
    examined: events.length,
    missing: owedNow.filter(({ eventId }) => !known.has(eventId)),
    again: owedNow
      .filter(({ eventId }) => known.has(eventId))
      .map(({ eventId, sequence }) => ({ id: known.get(eventId)!.id, sequence })),
    unavailable: chosen.length - sent.length,
    now,
  };
}

/** @param state where the delivery stands; undefined where there is none */
function isChosen(only: ReplayChoice, state: DeliveryState | undefined): boolean {
  return state === undefined ? only !== 'failed' : SENT_AGAIN[only].includes(state);
}

function wants(patterns: readonly string[], topic: string): boolean {
  return patternsFor(topic).some((pattern) => patterns.includes(pattern));
}
