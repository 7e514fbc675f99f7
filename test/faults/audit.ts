import type { Publication, TrafficEvent } from '../processes/traffic';
import type { StoredEvent } from './books';
import { keyOf, type Arrival } from './counting-receiver';
import { owed, type Subscriber } from './market';

/** Something that was done to processes, and what it may be blamed for. */
export interface Fault {
  /** Who was hit. */
  readonly senders: ReadonlySet<string>;
  /** What the database held as pending when it happened. */
  readonly pending: ReadonlySet<string>;
  /** From when to when it lasted; Infinity where nothing was sent any more. */
  readonly beganAt: number;
  readonly endedAt: number;
  /** Whether the machine did it and not the test, so that nobody knows when: only what somebody else repeated counts. */
  readonly unplanned?: true;
}

/** Everything that is known when all is over. */
export interface Evidence {
  readonly market: readonly Subscriber[];
  readonly publications: readonly Publication[];
  readonly stored: readonly StoredEvent[];
  readonly ledger: readonly TrafficEvent[];
  readonly arrivals: readonly Arrival[];
  /** What the receiver has taken at least once. */
  readonly accepted: ReadonlySet<string>;
  /** Deliveries of which an attempt was recorded as timed out: one that had been accepted all the same, too late. */
  readonly timedOut: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

export interface Findings {
  readonly events: number;
  /** Deliveries owed for them. */
  readonly owed: number;
  /** Of these, how many no receiver has ever accepted. */
  readonly lost: number;
  /** Requests that nobody was owed: the wrong subscription, signature, or an event that was rolled back. */
  readonly wrong: number;
  /** Requests for deliveries that the receiver had accepted, or was still answering when the sender was hit. */
  readonly repeated: number;
  /** Of these, how many no fault explains: not sent before it, or recorded before it. */
  readonly unexplained: number;
  /** Deliveries that were sent and not yet recorded when a fault came: as many may be repeated. */
  readonly inFlight: number;
  /** The most of them that one subscription had at one fault. */
  readonly mostInFlight: number;
}

/** Compares what was promised with what arrived. */
export function audit(evidence: Evidence): Findings {
  const events = promised(evidence);
  const keys = [...events.values()].flatMap((event) => keysOf(evidence.market, event));
  const due = new Set(keys);
  const explained = evidence.faults.map((fault) => inFlightAt(fault, evidence.arrivals));
  return {
    events: events.size,
    owed: due.size,
    lost: keys.filter((key) => !evidence.accepted.has(key)).length,
    wrong: wrongs(evidence, due),
    ...repetitions(evidence, new Set(explained.flat())),
    inFlight: explained.reduce((sum, sent) => sum + sent.length, 0),
    mostInFlight: Math.max(0, ...explained.map((sent, index) => mostOfOnePath(evidence.faults[index]!, sent))),
  };
}

/** What was answered with an id, stands in the host's own table, or in ours. */
function promised({ publications, ledger, stored }: Evidence): Map<string, TrafficEvent> {
  const accepted = publications.flatMap((each) => (each.kind === 'accepted' ? [each.event] : []));
  return new Map([...stored, ...ledger, ...accepted].map((event) => [event.id, event]));
}

function keysOf(market: readonly Subscriber[], event: TrafficEvent): string[] {
  return owed(market, event).map(({ path }) => keyOf({ path, eventId: event.id }));
}

function wrongs({ arrivals, publications, stored, ledger }: Evidence, due: ReadonlySet<string>): number {
  const rolledBack = new Set(publications.flatMap((each) => (each.kind === 'rolled back' ? [each.event.id] : [])));
  const entered = new Set(ledger.map(({ id }) => id));
  const payloads = new Map(stored.map(({ id, payload }) => [id, JSON.stringify(payload)]));
  const isRight = (arrival: Arrival) =>
    arrival.genuine &&
    due.has(keyOf(arrival)) &&
    !rolledBack.has(arrival.eventId) &&
    arrival.body.endsWith(`"data":${payloads.get(arrival.eventId)}}`);
  // An event of a transaction stands in the host's own table as well, or the transaction was torn in two.
  const torn = stored.filter(({ id, payload }) => payload.entered !== entered.has(id));
  return arrivals.filter((arrival) => !isRight(arrival)).length + torn.length;
}

function repetitions({ arrivals, timedOut }: Evidence, explained: ReadonlySet<Arrival>) {
  const last = new Map<string, Arrival>();
  let repeated = 0;
  let unexplained = 0;
  for (const arrival of arrivals) {
    const before = last.get(keyOf(arrival));
    last.set(keyOf(arrival), arrival);
    if (!before || isFailure(before) || timedOut.has(keyOf(arrival))) continue;
    repeated += 1;
    if (!explained.has(before) && !explained.has(arrival)) unexplained += 1;
  }
  return { repeated, unexplained };
}

/**
 * What those who were hit had under way: their last request for each delivery that was still pending, or that they began
 * while it lasted; and what they had begun and could send only when it was over.
 */
function inFlightAt(fault: Fault, arrivals: readonly Arrival[]): readonly Arrival[] {
  const sent = new Map<string, Arrival>();
  const sentLate = new Map<string, Arrival>();
  const sentByOthers = new Set<string>();
  for (const arrival of arrivals.filter((each) => !isFailure(each))) {
    const key = keyOf(arrival);
    const wasPending = fault.pending.has(key);
    if (!fault.senders.has(arrival.sender)) sentByOthers.add(key);
    else if (arrival.at <= fault.endedAt && (wasPending || arrival.at > fault.beganAt)) sent.set(key, arrival);
    else if (arrival.at > fault.endedAt && wasPending && !sentLate.has(key)) sentLate.set(key, arrival);
  }
  // What nobody else has sent was simply next.
  const begun = [...sentLate].filter(([key]) => sentByOthers.has(key) && !sent.has(key));
  if (fault.unplanned) return [...sent].filter(([key]) => sentByOthers.has(key)).map(([, arrival]) => arrival);
  return [...sent.values(), ...begun.map(([, arrival]) => arrival)];
}

/** What was answered by a failure, or by nothing in time, is tried again: that is no repetition. */
function isFailure({ end }: Arrival): boolean {
  return end === 'refused' || end === 'given up';
}

/** The most that one subscription had in flight; what is begun and ended in a while says nothing of that. */
function mostOfOnePath(fault: Fault, sent: readonly Arrival[]): number {
  if (fault.beganAt !== Infinity) return 0;
  const counts = new Map<string, number>();
  for (const { path } of sent) counts.set(path, (counts.get(path) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
