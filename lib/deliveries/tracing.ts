import type { WebhookEvent } from '../events/event';
import type { Answer, OutgoingRequest } from '../transport/transport';
import type { Consignment } from './courier';

/** An attempt that is about to be made. */
export interface TracedAttempt {
  readonly consignment: Consignment;
  /** What travels with it in the same request. */
  readonly others: readonly WebhookEvent[];
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  /** 1 for the first of its schedule; null where somebody asked for it. */
  readonly number: number | null;
}

/** Sees the request before it goes out, and may add headers, which no signature covers. */
export type Prepare = (request: OutgoingRequest) => OutgoingRequest;

/** Follows an event from where it is published to its attempts, in whatever process they are made. */
export abstract class Tracing {
  /** Publishes an event, together with its trace where it has one. */
  abstract publish<Event extends WebhookEvent, Result>(
    event: Event,
    publish: (event: Event) => Promise<Result>,
  ): Promise<Result>;
  /** Makes an attempt as a part of the trace of its event. */
  abstract attempt(attempt: TracedAttempt, send: (prepare: Prepare) => Promise<Answer>): Promise<Answer>;
  /** Does the engine's own work, which belongs to no request of the host. */
  abstract detached<Result>(work: () => Result): Result;
}

/** Follows nothing, and costs nothing. */
export class Untraced extends Tracing {
  publish<Event extends WebhookEvent, Result>(
    event: Event,
    publish: (event: Event) => Promise<Result>,
  ): Promise<Result> {
    return publish(event);
  }

  attempt(_: TracedAttempt, send: (prepare: Prepare) => Promise<Answer>): Promise<Answer> {
    return send((request) => request);
  }

  detached<Result>(work: () => Result): Result {
    return work();
  }
}
